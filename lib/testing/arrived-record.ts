/** A record as it arrived at an output. It stands apart from what reads it: declarations that users see need no types of Node. */
export type ArrivedRecord = Readonly<Record<string, unknown>>;
