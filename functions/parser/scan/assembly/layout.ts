/**
 * Layout of the module's fixed memory: the tree of keys, its index, the bytes of keys, a stack, and some windows. A
 * scan uses one window: the text that it reads, a table of its lines, and the tape of their members. Positions in these
 * tables count from the start of the window's text.
 */

/** Number of bytes that can be read after a text, because a vector is loaded whole. */
const SLACK: i32 = 64;

/** The memory before it is used by the compiler, from 1,024 on, for constants such as the powers of ten. */
const START: i32 = 2048;

/** Maximum number of nodes of the tree of keys, including the root. */
export const NODES: i32 = 4096;
export const NODE_BYTES: i32 = 24;
export const TREE: i32 = START;

/** Number of slots of the index with which the child of a node is found; a power of two. */
export const SLOTS: i32 = 16384;
export const INDEX: i32 = TREE + NODES * NODE_BYTES;

export const KEYS: i32 = INDEX + SLOTS * 4;
export const KEYS_BYTES: i32 = 128 * 1024;

/** Maximum nesting below an object of a line. */
export const DEPTH: i32 = 64;
/** For each open container: address of its entry, its shape so far, its number of values. */
export const LEVEL_BYTES: i32 = 12;
export const STACK: i32 = KEYS + KEYS_BYTES + SLACK;

/** Number of windows, that is, of scans that can be used at the same time. */
export const WINDOWS: i32 = 8;
export const WINDOWS_START: i32 = STACK + DEPTH * LEVEL_BYTES;

/** Maximum text length of a scan in bytes; a line feed is written after it. */
export const TEXT_BYTES: i32 = 128 * 1024;

/** Maximum number of lines of a scan. Four-byte words: start, end, verdict, shape, first member, number of members. */
export const LINES: i32 = 4096;
export const LINE_BYTES: i32 = 24;
export const LINES_START: i32 = TEXT_BYTES + SLACK;

/**
 * Maximum number of members of a scan. Four-byte words: start and end of the key, kind, start and end of the value, and
 * where its inner values begin, or -1; then the value as a double if it is a short number, or its bytes if it is a
 * short string.
 */
export const MEMBERS: i32 = 8192;
export const MEMBER_BYTES: i32 = 32;
export const TAPE_START: i32 = LINES_START + LINES * LINE_BYTES;

/**
 * Maximum number of inner values of a scan. Each is an entry like that of a member; an object or list precedes its
 * contents. Instead of the key, it has the shape of an object, or the number of values of a list, and the entry after
 * all of its contents.
 */
export const INNER: i32 = 8192;
export const INNER_START: i32 = TAPE_START + MEMBERS * MEMBER_BYTES;

export const WINDOW_BYTES: i32 = INNER_START + INNER * MEMBER_BYTES;
