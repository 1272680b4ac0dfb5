import { isAscii } from "node:buffer";
import type { Fields } from "../records";
import type { JsonLines } from "./json-array";
import { LineShape } from "./line-shape";

/** A topic holds a few kinds of lines; each one more is tried in vain for all others. */
const MAX_SHAPES = 8;

/** Lines that nobody could foretell make for a pause of so many runs, then twice as many, up to the largest. */
const LONGEST_PAUSE = 128;

/** Reads lines by the shapes of those before them, the last one that fitted first. */
export class LineShapes {
  #shapes: LineShape[] = [];
  /** Runs that are left out still, and at the next failure. */
  #pause = 0;
  #nextPause = 1;

  /**
   * The objects of the lines, undefined for each that is like none before it or may be no record: JSON.parse must tell.
   * Undefined instead of a list where it does not pay to try.
   */
  read(lines: JsonLines): (Fields | undefined)[] | undefined {
    if (this.#pause > 0) {
      this.#pause--;
      return undefined;
    }
    const { buffer, starts, ends } = lines;
    const first = starts[0];
    // Parts of a text keep all of it alive: a program that keeps a value keeps its run, not the whole chunk.
    const text = buffer.toString("latin1", first, ends[ends.length - 1]);
    const records: (Fields | undefined)[] = [];
    let found = 0;
    // Where there are as many as there may be, one is given up for another only once a run.
    let mayLearn = true;
    for (let line = 0; line < starts.length; line++) {
      const [start, end] = [starts[line], ends[line]];
      let fields = this.#find(text, start - first, end - first, false);
      if (!fields) {
        const wide = !isAscii(buffer.subarray(start, end));
        const own = wide ? buffer.toString("utf8", start, end) : text.slice(start - first, end - first);
        if (wide) fields = this.#findWide(own);
        if (fields) found++;
        if (!fields && (this.#shapes.length < MAX_SHAPES || mayLearn)) {
          mayLearn = false;
          if (this.#learn(own)) fields = wide ? this.#findWide(own) : this.#find(own, 0, own.length, false);
        }
      } else {
        found++;
      }
      records.push(fields);
    }
    this.#judge(found, starts.length);
    return records;
  }

  #findWide(text: string): Fields | undefined {
    // It may stand for bytes that are not UTF-8, which are counted.
    return text.includes("\ufffd") ? undefined : this.#find(text, 0, text.length, true);
  }

  #find(text: string, start: number, end: number, wide: boolean): Fields | undefined {
    const shapes = this.#shapes;
    for (let at = 0; at < shapes.length; at++) {
      const fields = shapes[at].read(text, start, end, wide);
      if (fields === undefined) continue;
      if (at > 0) shapes.unshift(...shapes.splice(at, 1));
      return fields;
    }
    return undefined;
  }

  /** Learns the shape of a line; false where there is nothing new in it. */
  #learn(line: string): boolean {
    const shape = shapeOf(line);
    if (!shape || this.#shapes.some(({ source }) => source === shape.source)) return false;
    this.#shapes = [shape, ...this.#shapes.slice(0, MAX_SHAPES - 1)];
    return true;
  }

  #judge(found: number, of: number): void {
    if (found * 2 >= of) {
      this.#nextPause = 1;
    } else {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(LONGEST_PAUSE, this.#nextPause * 2);
    }
  }
}

function shapeOf(line: string): LineShape | undefined {
  try {
    return LineShape.of(line, JSON.parse(line) as Fields);
  } catch {
    return undefined;
  }
}
