import type { OutgoingRecord } from "../records/contracts";
import { builtin } from "../tencent/builtin";

/**
 * Ids of the records that an output writes, for readers to tell a second delivery of a record from a second record: 32
 * hex digits, hashed from the output, the input, and the record's line with its number among those made of that line.
 */
export class LogIds {
  readonly #scope: string;
  #line = 0;
  #ordinal = 0;

  constructor(output: string, input: string, stream: string) {
    this.#scope = JSON.stringify([output, input, stream]);
  }

  /** Id of the next record. One of an earlier line, which its processor held back, counts with those of the last one. */
  next({ place }: OutgoingRecord): string {
    this.#ordinal = place.line > this.#line ? 0 : this.#ordinal + 1;
    this.#line = Math.max(this.#line, place.line);
    const text = `${this.#scope}${this.#line}.${this.#ordinal}`;
    return builtin("node:crypto").createHash("sha256").update(text).digest("hex").slice(0, 32);
  }
}
