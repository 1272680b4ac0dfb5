/**
 * Maximum UTF-16 units of a pattern; the largest grok pattern has 9,000. A longer one would need much memory just to be
 * parsed.
 */
export const LONGEST_PATTERN = 64 * 1024;

/** Origin of a pattern: the rule text, or an event that it runs on. */
export type Origin = "text" | "event";

/**
 * Maximum threads that the Pike machine follows in a search, counted per character: half a minute, and seven seconds.
 */
export const MOST_STEPS: Readonly<Record<Origin, number>> = { text: 2 ** 28, event: 2 ** 26 };

/** Maximum characters that automata read for all matches of a text: 13 seconds, and three. */
export const MOST_READ: Readonly<Record<Origin, number>> = { text: 2 ** 32, event: 2 ** 30 };
