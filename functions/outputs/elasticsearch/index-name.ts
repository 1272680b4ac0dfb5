import { INDEX_DIRECTIVE } from "../../settings";

/** Replaces the time in the name of an index for a record whose time cannot be read. */
const UNDATED = "undated";

/**
 * Names of indices from a pattern with `%Y`, `%m`, `%d` and `%H` of the record's time, in UTC. They depend on the record
 * alone: with the time of the invocation, a redelivered record would go to another index and become a second document.
 */
export class IndexName {
  readonly #pattern: string;
  /** The name for all records, if the pattern has no time. */
  readonly fixed: string | undefined;
  readonly #undated: string;
  #hour = NaN;
  #name = "";

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.fixed = pattern.includes("%") ? undefined : pattern;
    const from = pattern.indexOf("%");
    this.#undated = `${pattern.slice(0, Math.max(0, from))}${UNDATED}${pattern.slice(pattern.lastIndexOf("%") + 2)}`;
  }

  /** @param ms since the epoch; undefined for a record without a time */
  at(ms: number | undefined): string {
    if (this.fixed !== undefined) return this.fixed;
    if (ms === undefined) return this.#undated;
    // Most records are from the same hour as the one before.
    const hour = Math.floor(ms / 3_600_000);
    if (hour !== this.#hour) {
      this.#hour = hour;
      const iso = new Date(ms).toISOString();
      const pieces: Record<string, string> = { Y: iso.slice(0, 4), m: iso.slice(5, 7), d: iso.slice(8, 10), H: iso.slice(11, 13) }; // prettier-ignore
      this.#name = this.#pattern.replace(INDEX_DIRECTIVE, (_, letter: string) => pieces[letter]);
    }
    return this.#name;
  }
}
