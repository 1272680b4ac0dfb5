/**
 * Where things stand in the module's memory, which is fixed: the tree of keys, the bytes of keys, and some regions. A scan
 * fills one region: the text that it reads, a table of its lines, and the tape of their members. Positions in these tables
 * count from the start of the region's text.
 */

/** Bytes that may be read behind a text: a vector is loaded whole. */
const SLACK: i32 = 64;

/** In front of it stands what the compiler puts there, from 1,024 on: the powers of ten. */
const START: i32 = 2048;

/** Most nodes of the tree of keys, the root included. */
export const NODES: i32 = 4096;
export const NODE_BYTES: i32 = 32;
export const TREE: i32 = START;

export const KEYS: i32 = TREE + NODES * NODE_BYTES;
export const KEYS_BYTES: i32 = 128 * 1024;

/** How many regions there are: so many scans can be looked at side by side. */
export const REGIONS: i32 = 8;
export const REGIONS_START: i32 = KEYS + KEYS_BYTES + SLACK;

/** Longest text of a scan in bytes; a line feed is put behind it. */
export const TEXT_BYTES: i32 = 128 * 1024;

/** Most lines of a scan: four-byte words start, end, verdict, shape, first member, number of members. */
export const LINES: i32 = 4096;
export const LINE_BYTES: i32 = 24;
export const LINES_START: i32 = TEXT_BYTES + SLACK;

/**
 * Most members of a scan: four-byte words start and end of the key, kind, start and end of the value, one that is not used;
 * then the value as a double, where it is a short number.
 */
export const MEMBERS: i32 = 8192;
export const MEMBER_BYTES: i32 = 32;
export const TAPE_START: i32 = LINES_START + LINES * LINE_BYTES;

export const REGION_BYTES: i32 = TAPE_START + MEMBERS * MEMBER_BYTES;
