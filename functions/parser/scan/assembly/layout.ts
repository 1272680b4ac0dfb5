/**
 * Where things stand in the module's memory, which is fixed: the tree of keys, its index, the bytes of keys, a stack, and
 * some windows. A scan fills one window: the text that it reads, a table of its lines, and the tape of their members.
 * Positions in these tables count from the start of the window's text.
 */

/** Bytes that may be read behind a text: a vector is loaded whole. */
const SLACK: i32 = 64;

/** In front of it stands what the compiler puts there, from 1,024 on: the powers of ten. */
const START: i32 = 2048;

/** Most nodes of the tree of keys, the root included. */
export const NODES: i32 = 4096;
export const NODE_BYTES: i32 = 24;
export const TREE: i32 = START;

/** Slots of the index by which the child of a node is found; a power of two. */
export const SLOTS: i32 = 16384;
export const INDEX: i32 = TREE + NODES * NODE_BYTES;

export const KEYS: i32 = INDEX + SLOTS * 4;
export const KEYS_BYTES: i32 = 128 * 1024;

/** Deepest nesting below an object of a line. */
export const DEPTH: i32 = 64;
/** Of the containers that are open: address of its entry, its shape so far, how many values it holds. */
export const LEVEL_BYTES: i32 = 12;
export const STACK: i32 = KEYS + KEYS_BYTES + SLACK;

/** How many windows there are: so many scans can be looked at side by side. */
export const WINDOWS: i32 = 8;
export const WINDOWS_START: i32 = STACK + DEPTH * LEVEL_BYTES;

/** Longest text of a scan in bytes; a line feed is put behind it. */
export const TEXT_BYTES: i32 = 128 * 1024;

/** Most lines of a scan: four-byte words start, end, verdict, shape, first member, how many members. */
export const LINES: i32 = 4096;
export const LINE_BYTES: i32 = 24;
export const LINES_START: i32 = TEXT_BYTES + SLACK;

/**
 * Most members of a scan: four-byte words start and end of the key, kind, start and end of the value, and where its inner
 * values begin, or -1; then the value as a double, where it is a short number, or its bytes, where it is a short string.
 */
export const MEMBERS: i32 = 8192;
export const MEMBER_BYTES: i32 = 32;
export const TAPE_START: i32 = LINES_START + LINES * LINE_BYTES;

/**
 * Most inner values of a scan, each an entry like that of a member, an object or list in front of what it holds: in place of
 * the key stands the shape of an object, or how many values a list holds, and the entry that is behind all of it.
 */
export const INNER: i32 = 8192;
export const INNER_START: i32 = TAPE_START + MEMBERS * MEMBER_BYTES;

export const WINDOW_BYTES: i32 = INNER_START + INNER * MEMBER_BYTES;
