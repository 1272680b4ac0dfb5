/** Layout of the module's fixed memory: the tables of the literals, and a text. */

/** The memory before it is used by the compiler. */
const START: i32 = 2048;

/** For each of the three positions of a fingerprint, by the low and the high half of a byte: a bit for each bucket. */
export const MASKS: i32 = START;
const MASKS_BYTES: i32 = 3 * 32;

/** For each bucket: address of its first entry, and number of entries. */
export const BUCKETS: i32 = MASKS + MASKS_BYTES;
const BUCKETS_BYTES: i32 = 8 * 8;

/** Whether an ASCII character can be written as an escape and matters; after them, the same for all others. */
export const CHARACTERS: i32 = BUCKETS + BUCKETS_BYTES;
export const OTHERS: i32 = 128;
const CHARACTERS_BYTES: i32 = 144;

/**
 * For each literal, in four-byte words: offset of its fingerprint, length, address of its bytes, its form, address and
 * length of a member's value, its index.
 */
export const ENTRIES: i32 = CHARACTERS + CHARACTERS_BYTES;
export const ENTRY_BYTES: i32 = 28;

/** Maximum bytes of all these tables, including the bytes of the literals, from {@link MASKS} on. */
export const TABLE_BYTES: i32 = 48 * 1024;

/** One byte per literal. */
export const MARKS: i32 = MASKS + TABLE_BYTES;
export const MOST_LITERALS: i32 = 4096;

/** Number of bytes that can be read after a text, because vectors are loaded whole. */
const SLACK: i32 = 64;

/** Space for a vector. */
export const HELD: i32 = MARKS + MOST_LITERALS;

export const TEXT: i32 = HELD + 16;
/** Maximum text length in bytes. */
export const TEXT_BYTES: i32 = 6 * 65536 - TEXT - SLACK;
