import { isAscii } from "node:buffer";
import type { Fields } from "../records/contracts";
import type { JsonLines } from "./json-array";
import { LineShape } from "./line-shape";

/** A topic holds a few kinds of lines; each one more is tried in vain for all others. */
const MAX_SHAPES = 8;

/** Tries that a line may take on average, so that it pays. One that stays unread is as costly as some tries. */
const WORTH_TRIES = 2;
const TRIES_OF_UNREAD = 4;

/** Lines for which it did not pay make for a pause of so many runs, then twice as many, up to the longest. */
const LONGEST_PAUSE = 128;

/** Reads lines by the shapes of those before them, the last one that fitted first. */
export class LineShapes {
  #shapes: LineShape[] = [];
  /** Runs that are left out still, and at the next failure. */
  #pause = 0;
  #nextPause = 1;
  #tries = 0;

  /**
   * The objects of the lines, undefined for each that is like none before it or may be no record: JSON.parse must tell.
   * Undefined instead of a list where it does not pay to try.
   */
  read({ buffer, starts, ends }: JsonLines): (Fields | undefined)[] | undefined {
    if (this.#pause > 0) {
      this.#pause--;
      return undefined;
    }
    const first = starts[0];
    // A part of a text keeps all of it alive: whoever keeps a value keeps a run of lines, not the whole chunk.
    const text = buffer.toString("latin1", first, ends[ends.length - 1]);
    const records: (Fields | undefined)[] = [];
    const unread: number[] = [];
    this.#tries = 0;
    for (let line = 0; line < starts.length; line++) {
      const fields =
        this.#find(text, starts[line] - first, ends[line] - first, false) ??
        this.#findWide(buffer, starts[line], ends[line]);
      if (!fields) unread.push(line);
      records.push(fields);
    }
    // One a run: learning takes as long as reading many lines.
    if (unread.length > 0) this.#learn(buffer.toString("utf8", starts[unread[0]], ends[unread[0]]));
    this.#judge(this.#tries + unread.length * TRIES_OF_UNREAD, starts.length);
    return records;
  }

  /** Reads a line that holds more than ASCII. */
  #findWide(buffer: Buffer, start: number, end: number): Fields | undefined {
    if (this.#shapes.length === 0 || isAscii(buffer.subarray(start, end))) return undefined;
    const text = buffer.toString("utf8", start, end);
    // It may stand for bytes that are not UTF-8, which are counted.
    return text.includes("\ufffd") ? undefined : this.#find(text, 0, text.length, true);
  }

  #find(text: string, start: number, end: number, wide: boolean): Fields | undefined {
    const shapes = this.#shapes;
    for (let at = 0; at < shapes.length; at++) {
      this.#tries++;
      const fields = shapes[at].read(text, start, end, wide);
      if (fields === undefined) continue;
      if (at > 0) shapes.unshift(...shapes.splice(at, 1));
      return fields;
    }
    return undefined;
  }

  #learn(line: string): void {
    const shape = shapeOf(line);
    if (!shape || this.#shapes.some(({ source }) => source === shape.source)) return;
    this.#shapes = [shape, ...this.#shapes.slice(0, MAX_SHAPES - 1)];
  }

  #judge(tries: number, lines: number): void {
    if (tries <= lines * WORTH_TRIES) {
      this.#nextPause = 1;
    } else {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(LONGEST_PAUSE, this.#nextPause * 2);
    }
  }
}

/** Undefined also where code from strings is forbidden. */
function shapeOf(line: string): LineShape | undefined {
  try {
    return LineShape.of(line);
  } catch {
    return undefined;
  }
}
