import type { Changes } from "../../rules";
import type { Members } from "../parser/scan/members";
import { ownName } from "../parser/scan/shape";
import type { FieldValue } from "./contracts";
import type { LineBlock } from "./line-block";

/**
 * Limits of the cache, because names can come from events: splices in total, splices for records with the same names,
 * and characters of one splice.
 */
const MOST_KEPT = 1024;
const MOST_ALIKE = 16;
const MOST_CHARACTERS = 4096;

/** Maximum bytes of JSON for one UTF-16 unit of a text, and for a number, a boolean or null. */
const CHARACTER_BYTES = 6;
const PLAIN_BYTES = 32;

const CLOSING_BRACE = 0x7d;

/** Part of a line: the unchanged members from `from` up to the one before `to`, or one change, by its number. */
type Piece = { readonly from: number; readonly to: number } | { readonly change: number };

/** A piece with the text before it: a brace or a comma, and the key of a change. */
interface PlacedPiece {
  readonly head: string;
  /** Number of the change; -1 for unchanged members. */
  readonly change: number;
  readonly from: number;
  readonly to: number;
}

/** Cached splices, by the names of records. */
let kept = new WeakMap<readonly string[], Splice[]>();
let keptCount = 0;
/** The last lookup: in most logs, consecutive records have the same names. */
let lastNames: readonly string[] | undefined;
let lastSplices: Splice[] = [];

/** The splice that writes a record with these members and changes. */
export function spliceOf(members: Members, changes: Changes): Splice {
  const splices = splicesOf(members.names);
  for (const splice of splices) if (splice.fits(changes)) return splice;
  const made = new Splice(members, changes);
  if (made.characters <= MOST_CHARACTERS) keep(made, members.names);
  return made;
}

function splicesOf(names: readonly string[]): readonly Splice[] {
  if (names !== lastNames) {
    lastNames = names;
    lastSplices = kept.get(names) ?? [];
  }
  return lastSplices;
}

function keep(splice: Splice, names: readonly string[]): void {
  if (keptCount++ >= MOST_KEPT) {
    kept = new WeakMap();
    keptCount = 1;
    lastSplices = [];
  }
  if (lastSplices.length >= MOST_ALIKE) lastSplices.length = 0;
  lastSplices.push(splice);
  kept.set(names, lastSplices);
}

/**
 * Writes records with the same names in which the same fields are changed, whatever their values are. A changed field
 * keeps its position; new fields follow at the end.
 */
export class Splice {
  readonly #names: readonly string[];
  readonly #isDropped: readonly boolean[];
  readonly #pieces: readonly PlacedPiece[];
  /** Bytes of the line without unchanged members and values of changes. */
  readonly #headBytes: number;

  constructor(members: Members, changes: Changes) {
    this.#names = [...changes].map(([name]) => ownName(name));
    this.#isDropped = [...changes].map(([, value]) => value === undefined);
    this.#pieces = piecesOf(members, changes).map((piece, at) => {
      const separator = at === 0 ? "{" : ",";
      if ("from" in piece) return { head: separator, change: -1, ...piece };
      const key = Buffer.from(JSON.stringify(changes.nameAt(piece.change))).toString("latin1");
      return { head: `${separator}${key}:`, change: piece.change, from: 0, to: 0 };
    });
    this.#headBytes = this.#pieces.reduce((sum, { head }) => sum + head.length, "{}".length);
  }

  /** Approximate number of characters that it keeps in memory. */
  get characters(): number {
    return this.#names.reduce((sum, { length }) => sum + length, this.#headBytes);
  }

  /** Whether these changes change the same fields in the same order, and delete the same ones. */
  fits(changes: Changes): boolean {
    const names = this.#names;
    if (names.length !== changes.size) return false;
    for (let at = 0; at < names.length; at++)
      if (names[at] !== changes.nameAt(at) || this.#isDropped[at] !== (changes.valueAt(at) === undefined)) return false;
    return true;
  }

  /** Upper bound for the bytes of the line. */
  mostBytes(members: Members, changes: Changes): number {
    let bytes = members.bytes + this.#headBytes;
    for (let at = 0; at < changes.size; at++) bytes += mostBytesOf(changes.valueAt(at));
    return bytes;
  }

  write(members: Members, changes: Changes, block: LineBlock): void {
    if (this.#pieces.length === 0) block.latin1("{");
    for (const { head, change, from, to } of this.#pieces) {
      block.latin1(head);
      if (change < 0) members.copyTo(block, from, to);
      else writeValue(changes.valueAt(change)!, block);
    }
    block.byte(CLOSING_BRACE);
  }
}

/** The pieces of the changed line, in order. */
function piecesOf(members: Members, changes: Changes): Piece[] {
  const entries = [...changes];
  const changeOf = new Map(entries.map(([name], change) => [members.indexOf(name), change]));
  const pieces: Piece[] = [];
  let from = 0;
  for (let member = 0; member <= members.count; member++) {
    const change = changeOf.get(member);
    if (change === undefined && member < members.count) continue;
    if (member > from) pieces.push({ from, to: member });
    if (change !== undefined && entries[change][1] !== undefined) pieces.push({ change });
    from = member + 1;
  }
  for (const [change, [name, value]] of entries.entries())
    if (members.indexOf(name) === undefined && value !== undefined) pieces.push({ change });
  return pieces;
}

function mostBytesOf(value: FieldValue | undefined): number {
  if (typeof value === "string") return value.length * CHARACTER_BYTES + 2;
  return typeof value === "object" && value !== null ? Buffer.byteLength(JSON.stringify(value)) : PLAIN_BYTES;
}

function writeValue(value: FieldValue, block: LineBlock): void {
  if (typeof value === "string") block.jsonText(value);
  else block.json(value);
}
