import { UNKNOWN_PARTITION } from "../../functions/settings/parquet-names";

const MINUTE_MS = 60_000;

/** Names the partition of a time: folders of a pattern like `dt=%Y-%m-%d/hour=%H`. */
export class Partitioner {
  readonly #pattern: string;
  readonly #offsetMs: number;
  /** The path for a time that cannot be read; folders without a time stay. */
  readonly #unknown: string;
  /** The last time's minute and path: most times are in the same minute. */
  #minute = NaN;
  #path = "";

  /** @param offset minutes east of UTC */
  constructor(pattern: string, offset: number) {
    this.#pattern = pattern;
    this.#offsetMs = offset * MINUTE_MS;
    const folders = pattern.split("/");
    this.#unknown = folders.map((folder) => folder.replace(/=.*%.*/, `=${UNKNOWN_PARTITION}`)).join("/");
  }

  /** @param ms since the epoch, in a year of four digits */
  pathOf(ms: number | undefined): string {
    if (ms === undefined) return this.#unknown;
    const minute = Math.floor((ms + this.#offsetMs) / MINUTE_MS);
    if (minute !== this.#minute) {
      const time = new Date(minute * MINUTE_MS).toISOString();
      // At either end of the calendar, an offset can leave its years.
      if (time.length > 24 || time.startsWith("0000")) return this.#unknown;
      this.#path = pathIn(this.#pattern, time);
      this.#minute = minute;
    }
    return this.#path;
  }
}

/** Positions of the parts of a time in ISO 8601. */
const PLACES: Readonly<Record<string, readonly [number, number]>> = {
  Y: [0, 4],
  m: [5, 7],
  d: [8, 10],
  H: [11, 13],
  M: [14, 16],
};

function pathIn(pattern: string, time: string): string {
  return pattern.replace(/%(.)/g, (_, part: string) => time.slice(...PLACES[part]));
}
