import type { LogRecord } from "../records/contracts";
import type { SampleSettings } from "../settings";

/** Keeps a share of records by the value of a field: all records with the same value, or none of them. */
export class Sampler {
  readonly #by: string;
  /** Values with a lower hash are kept. */
  readonly #below: number;

  constructor({ by, keep }: SampleSettings) {
    this.#by = by;
    this.#below = keep * 2 ** 32;
  }

  /** A record without the field is kept, because it is unknown which others it belongs to. */
  keeps(record: LogRecord): boolean {
    const value = record.get(this.#by);
    if (value === undefined || value === null || value === "") return true;
    return hashOf(typeof value === "string" ? value : JSON.stringify(value)) < this.#below;
  }
}

/**
 * FNV-1a of a text's UTF-16 units, with a final mix so that similar texts get distant values: 32 bits. It must be the same
 * in every process and release, so that all of them keep the same values.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
