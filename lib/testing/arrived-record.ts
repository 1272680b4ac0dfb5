/**
 * A record as it arrived at an output.
 *
 * It is in a separate file so that the declarations that users see do not need Node's types.
 */
export type ArrivedRecord = Readonly<Record<string, unknown>>;
