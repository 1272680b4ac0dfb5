import { quoteBigNumbers } from "../../../../functions/parser/numbers";
import { buildFields } from "../../../../functions/parser/scan/build-fields";
import { Members } from "../../../../functions/parser/scan/members";
import type { Scan } from "../../../../functions/parser/scan/scan";
import type { Scanner } from "../../../../functions/parser/scan/scanner";
import { ALL, EMPTY, MAYBE_BIG, MEMBERS, PROVE, PROVEN, WIDE } from "../../../../functions/parser/scan/tape";
import type { Fields, FieldValue } from "../../../../functions/records/contracts";

/** What lines are meant to be, so that a scanner that proves too little is found out as well. */
export type Expected = "proven" | "any";

/** How many of the lines were proven, so that a test can tell that it tried something. */
export interface Tally {
  lines: number;
  proven: number;
}

/**
 * Compares what a scanner makes of a text, in each mode, with what JSON.parse makes of each of its lines.
 *
 * @throws Error that names the line and what is wrong with it
 */
export function prove(scanner: Scanner, text: Buffer, expected: Expected = "any", tally?: Tally): void {
  for (const mode of [ALL, MEMBERS, PROVE] as const) {
    for (let at = 0; at < text.length;) {
      const scan = scanner.begin();
      // Whole lines, as the parser does.
      const most = at + scanner.maxBytes;
      scan.append(text.subarray(at, most < text.length ? text.lastIndexOf(0x0a, most - 1) + 1 : most));
      const reached = scan.run(mode);
      if (reached === 0 || scan.lines === 0) throw new Error(`a scan must come further, got none at byte ${at}`);
      let start = at;
      for (let line = 0; line < scan.lines; line++) {
        const feed = text.indexOf(0x0a, start);
        const end = feed === -1 ? text.length : feed;
        proveLine(
          scan,
          line,
          text.subarray(start, end),
          start - at,
          mode !== PROVE,
          expected,
          mode === ALL ? tally : undefined,
        );
        start = end + 1;
      }
      provePlain(scan);
      if (Math.min(start, text.length) - at !== reached) throw fault(text, `the scan ends at ${reached}`);
      at += reached;
    }
  }
}

/** Lines of a plain scan are taken without a look at each. */
function provePlain(scan: Scan): void {
  let isPlain = scan.lines > 0;
  for (let line = 0; line < scan.lines; line++) {
    isPlain &&= scan.verdict(line) === PROVEN && !scan.hasTrait(line, MAYBE_BIG);
    // One byte, the line feed, stands between lines.
    isPlain &&= line === 0 || scan.lineEnd(line - 1) + 1 === scan.lineStart(line);
  }
  if (scan.isPlain && !isPlain) throw new Error("a scan calls itself plain, and holds another line");
}

/** @param bytes of the line, without its line feed */
function proveLine(
  scan: Scan,
  line: number,
  bytes: Buffer,
  start: number,
  hasMembers: boolean,
  expected: Expected,
  tally?: Tally,
): void {
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
  if (scan.lineStart(line) !== start) throw fault(bytes, `it starts at ${scan.lineStart(line)} instead of ${start}`);
  if (scan.lineEnd(line) !== start + end) throw fault(bytes, `it ends at ${scan.lineEnd(line)}`);
  const isBlank = /^[ \t\r]*$/.test(bytes.toString("latin1"));
  const verdict = scan.verdict(line);
  if ((verdict === EMPTY) !== isBlank) throw fault(bytes, `the verdict ${verdict}`);
  if (tally) tally.lines++;
  if (verdict !== PROVEN) {
    if (expected === "proven" && !isBlank) throw fault(bytes, "not proven");
    return;
  }
  if (tally) tally.proven++;
  const json = bytes.toString();
  const fields = parsed(json);
  if (!fields) throw fault(bytes, "proven, and is no object");
  const isWide = bytes.some((byte) => byte >= 0x80);
  if (scan.hasTrait(line, WIDE) !== isWide) throw fault(bytes, "the wrong trait of more than ASCII");
  if (!scan.hasTrait(line, MAYBE_BIG)) {
    if (quoteBigNumbers(json).count > 0) throw fault(bytes, "an unmarked big number");
    if (!alike(JSON.parse(JSON.stringify(fields)) as Fields, fields)) throw fault(bytes, "an unmarked zero");
    if (holdsLostNumber(json)) throw fault(bytes, "an unmarked number that a double takes for zero");
  }
  // Keys that are no UTF-8 are told by the text alone: the parser reads such lines so.
  if (hasMembers && !json.includes("\ufffd")) proveMembers(scan, line, bytes, json, fields);
}

/** Whether a text holds a number that is not zero, and is one for a double. */
function holdsLostNumber(json: string): boolean {
  if (!/\d{60}|[eE]-/.test(json)) return false;
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [];
  return tokens.some((token) => Number(token) === 0 && /^[^eE"]*[1-9]/.test(token));
}

function proveMembers(scan: Scan, line: number, bytes: Buffer, json: string, fields: Fields): void {
  // What is asked first meets names in an order that may be new.
  if (line % 2 === 0) proveFound(scan, line, bytes, fields);
  if (!alike(scan.fields(line), fields)) throw fault(bytes, "other fields");
  proveFound(scan, line, bytes, fields);
  const shape = scan.shape(line);
  // With an escape in a key, or too many kinds of keys.
  if (!shape) return;
  const first = scan.firstMember(line);
  const names = Object.keys(fields);
  const lastOf = new Map(shape.names.map((name, index) => [name, index]));
  if (lastOf.size !== names.length || shape.hasDuplicates !== lastOf.size < shape.names.length) {
    throw fault(bytes, `the names ${JSON.stringify(shape.names)}`);
  }
  for (const name of names) {
    const index = shape.indexOf(name);
    if (index === undefined || index !== lastOf.get(name)) throw fault(bytes, `no ${name}`);
    if (!alike(scan.value(first + index), fields[name])) throw fault(bytes, `another value of ${name}`);
  }
  provePlaces(new Members(scan, line, shape), bytes);
  // It is slow to make, and the scan's own fields are built where the shape was met often.
  const build = json.length % 32 === 0 ? buildFields(shape.names) : undefined;
  if (build && !alike(build(scan, first), fields)) throw fault(bytes, "other fields when they are built");
}

/** What is found by name, whether the shape was met before or not. */
function proveFound(scan: Scan, line: number, bytes: Buffer, fields: Fields): void {
  for (const name of [
    ...Object.keys(fields),
    "constructor",
    "__proto__",
    "",
    "a",
    "none",
    "键",
    'a"',
    "longer than any",
  ]) {
    const member = scan.find(line, name);
    if (member === undefined) return;
    const value = member < 0 ? undefined : scan.value(member);
    const read = member < 0 ? undefined : scan.read(member);
    const expected = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!alike(value, expected)) throw fault(bytes, `for ${name} ${value}`);
    if (!alike(read, expected)) throw fault(bytes, `for ${name}, when it is read, ${read}`);
  }
}

/** Each member's text is its name and its value; between them stands what JSON wants there, and spaces. */
function provePlaces(members: Members, bytes: Buffer): void {
  const spaced = (start: number, end: number) => bytes.toString("latin1", start, end).replace(/[ \t\r]/g, "");
  let behind = 0;
  for (let index = 0; index < members.count; index++) {
    const [keyStart, keyEnd] = [members.keyStart(index), members.keyEnd(index)];
    const [start, end] = [members.valueStart(index), members.valueEnd(index)];
    const between = [spaced(behind, keyStart), spaced(keyEnd, start)].join("");
    if (between !== (index === 0 ? "{:" : ",:")) throw fault(bytes, `${between} around key ${index}`);
    if (JSON.parse(bytes.toString("utf8", keyStart, keyEnd)) !== members.names[index]) throw fault(bytes, "a key");
    const value = bytes.toString("utf8", start, end);
    if (value.trim() !== value) throw fault(bytes, `spaces in value ${index}`);
    JSON.parse(value);
    behind = end;
  }
  if (spaced(behind, bytes.length) !== (members.count === 0 ? "{}" : "}")) throw fault(bytes, "an end");
}

function parsed(json: string): Fields | undefined {
  try {
    const value = JSON.parse(json) as FieldValue;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Equal to the last sign of a zero, and in the order of names. */
export function alike(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return Object.is(one, other);
  }
  if (Array.isArray(one) !== Array.isArray(other) || Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) {
    return false;
  }
  const names = Object.keys(one);
  const others = Object.keys(other);
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && alike(at(one, name), at(other, name)))
  );
}

function at(value: object, name: string): FieldValue {
  return (value as Record<string, FieldValue>)[name];
}

function fault(bytes: Buffer, what: string): Error {
  const shown = bytes.length < 2000 ? JSON.stringify(bytes.toString("latin1")) : `${bytes.length} bytes`;
  return new Error(`${what}: ${shown}`);
}
