/** Where things stand in the module's memory, which is fixed: the tables of what is looked for, and a text. */

/** In front of it stands what the compiler puts there. */
const START: i32 = 2048;

/** For each of the three places of a fingerprint, by the low and by the high half of a byte: a bit for each bucket. */
export const MASKS: i32 = START;
const MASKS_BYTES: i32 = 3 * 32;

/** Of each bucket: address of its first entry, and how many there are. */
export const BUCKETS: i32 = MASKS + MASKS_BYTES;
const BUCKETS_BYTES: i32 = 8 * 8;

/** Whether a character of ASCII may be written with an escape and matter; behind them, whether all others do. */
export const CHARACTERS: i32 = BUCKETS + BUCKETS_BYTES;
export const OTHERS: i32 = 128;
const CHARACTERS_BYTES: i32 = 144;

/**
 * Of a literal, in four-byte words: offset of its fingerprint, length, address of its bytes, what it is, address and length of
 * the value of a member, its number.
 */
export const ENTRIES: i32 = CHARACTERS + CHARACTERS_BYTES;
export const ENTRY_BYTES: i32 = 28;

/** Most bytes of all these tables, with the bytes of the literals, from {@link MASKS} on. */
export const TABLE_BYTES: i32 = 48 * 1024;

/** A byte for each literal. */
export const MARKS: i32 = MASKS + TABLE_BYTES;
export const MOST_LITERALS: i32 = 4096;

/** Bytes that may be read behind a text: vectors are loaded whole. */
const SLACK: i32 = 64;

/** A vector's place. */
export const HELD: i32 = MARKS + MOST_LITERALS;

export const TEXT: i32 = HELD + 16;
/** Longest text in bytes. */
export const TEXT_BYTES: i32 = 6 * 65536 - TEXT - SLACK;
