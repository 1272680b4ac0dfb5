/** UTF-16 units of a pattern; the largest of grok has 9,000. A longer one would take much memory to be read at all. */
export const LONGEST_PATTERN = 64 * 1024;

/** Whom a pattern comes from: the rule text, or an event that it runs on. */
export type Origin = "text" | "event";

/** Threads that the Pike machine may follow in a search, each for one character: half a minute, and seven seconds. */
export const MOST_STEPS: Readonly<Record<Origin, number>> = { text: 2 ** 28, event: 2 ** 26 };

/** Characters that automata may read for all matches of a text: 13 seconds, and three. */
export const MOST_READ: Readonly<Record<Origin, number>> = { text: 2 ** 32, event: 2 ** 30 };
