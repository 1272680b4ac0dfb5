import { isAscii } from "node:buffer";
import type { Fields, FieldValue } from "../records/contracts";

/** Lines that follow each other in a buffer. Each begins with `{` and ends with `}`, spaces aside. */
export interface JsonLines {
  readonly buffer: Buffer;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Parses lines in one call, as the elements of an array: JSON.parse reads that faster than one text after the other,
 * since it expects of each object the keys of the one before. Undefined stands for lines that must be parsed on their
 * own: those beyond ASCII, as one character that needs two bytes would make all of the text need them and its parsing
 * take half as long again, and all lines where one of them is no object, or where that cannot be told.
 *
 * The answer is exact. An array of n objects has n - 1 commas of its own, each between an object's end and an object's
 * start. Such a place is where two lines meet; if there are no others, inside of lines, then these are the array's own
 * commas, and each line is one element.
 */
export function parseTogether(lines: JsonLines): readonly (Fields | undefined)[] {
  const { length } = lines.starts;
  const alone = beyondAscii(lines);
  if (length - alone.length < 2) return [];
  const text = arrayOf(lines, alone);
  if (countMeetings(text) !== length - 1) return [];
  const objects: (Fields | undefined)[] | undefined = parseObjects(text);
  if (objects?.length !== length) return [];
  for (const line of alone) objects[line] = undefined;
  return objects;
}

/** The indexes of the lines that hold more than ASCII. */
function beyondAscii({ buffer, starts, ends }: JsonLines): number[] {
  const isAsciiBetween = (start: number, end: number) =>
    isAscii(new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start));
  const lines: number[] = [];
  if (isAsciiBetween(starts[0], ends[ends.length - 1])) return lines;
  for (let line = 0; line < starts.length; line++) if (!isAsciiBetween(starts[line], ends[line])) lines.push(line);
  return lines;
}

/** Reused, for it never leaves {@link arrayOf}. */
let scratch = Buffer.alloc(0);

/** The lines in brackets, a comma for each line feed; those that are parsed alone are empty objects, of the same length. */
function arrayOf({ buffer, starts, ends }: JsonLines, alone: readonly number[]): string {
  const shift = 1 - starts[0];
  const length = ends[ends.length - 1] + shift + 1;
  if (scratch.length < length) scratch = Buffer.alloc(length);
  buffer.copy(scratch, 1, starts[0], ends[ends.length - 1]);
  for (const line of alone) {
    scratch.fill(" ", starts[line] + shift, ends[line] + shift);
    scratch[starts[line] + shift] = OPENING_BRACE;
    scratch[ends[line] + shift - 1] = CLOSING_BRACE;
  }
  for (let line = 1; line < starts.length; line++) scratch[starts[line] + shift - 1] = COMMA;
  scratch[0] = OPENING_BRACKET;
  scratch[length - 1] = CLOSING_BRACKET;
  return scratch.toString("latin1", 0, length);
}

/** In how many places an object ends, a comma follows and an object starts; what looks like one in a string counts. */
function countMeetings(text: string): number {
  let count = 0;
  for (let brace = text.indexOf("}"); brace !== -1; brace = text.indexOf("}", brace + 1)) {
    const comma = skipSpace(text, brace + 1);
    if (text.charCodeAt(comma) === COMMA && text.charCodeAt(skipSpace(text, comma + 1)) === OPENING_BRACE) count++;
  }
  return count;
}

/** First position from `at` on that holds no space of JSON's; there are no line feeds. */
function skipSpace(text: string, at: number): number {
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x09 || code === 0x0d; code = text.charCodeAt(at)) {
    at++;
  }
  return at;
}

function parseObjects(array: string): Fields[] | undefined {
  try {
    const elements = JSON.parse(array) as FieldValue[];
    return elements.every(isObject) ? elements : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: FieldValue): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
