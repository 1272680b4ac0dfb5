import type { BoundCall, Step } from "../../run/implementation";
import type { Regex } from "../../regex/regex";
import { separatorOf } from "../common/options";
import { regexWith } from "../common/patterns";
import type { TakePair } from "./kv-scanner";
import { literalAlternatives } from "./literal-alternatives";
import { type FindPairs, pairStep } from "./pair-step";

export function delimitedKeyValues(call: BoundCall): Step {
  return pairStep(call, ["pair_sep", "kv_sep"], ({ pair_sep, kv_sep }) =>
    pairFinder(call, separatorOf("e_kv_delimit", "pair_sep", pair_sep), separatorOf("e_kv_delimit", "kv_sep", kv_sep)),
  );
}

/**
 * If the separator between key and value consists of literals without characters that separate pairs, pieces are split
 * directly. Otherwise a pattern finds key and value, because the separator can contain such characters.
 */
function pairFinder(call: BoundCall, pairSep: string, kvSep: string): FindPairs {
  const isDelimiter = unitTest(regexWith(call, "pair_sep", `[${pairSep}]`));
  const separators = literalAlternatives(kvSep);
  if (separators?.every((separator) => !hasUnit(separator, isDelimiter))) {
    return (text, take) => scanPieces(text, isDelimiter, separators, take);
  }
  const pair = regexWith(call, "kv_sep", `([^${pairSep}]+?)(?:${kvSep})([^${pairSep}]+)`);
  return (text, take) => {
    for (const { groups } of pair.matches(text)) take(groups[0] ?? "", groups[1] ?? "");
  };
}

type UnitTest = (unit: number) => boolean;

/** Whether a UTF-16 unit is in a character class: a table for ASCII; others are tested once and cached. */
function unitTest(characterClass: Regex): UnitTest {
  const isMember = (unit: number) => characterClass.testFull(String.fromCharCode(unit));
  const ascii = Array.from({ length: 0x80 }, (_, unit) => isMember(unit));
  const others = new Map<number, boolean>();
  return (unit) => {
    if (unit < 0x80) return ascii[unit];
    const known = others.get(unit) ?? isMember(unit);
    others.set(unit, known);
    return known;
  };
}

function hasUnit(text: string, test: UnitTest): boolean {
  for (let at = 0; at < text.length; at++) if (test(text.charCodeAt(at))) return true;
  return false;
}

function scanPieces(text: string, isDelimiter: UnitTest, separators: readonly string[], take: TakePair): void {
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isDelimiter(text.charCodeAt(at))) continue;
    if (at > start) splitPiece(text.slice(start, at), separators, take);
    start = at + 1;
  }
  if (start < text.length) splitPiece(text.slice(start), separators, take);
}

/** The first separator with text before and after it separates key and value; the value can contain it again. */
function splitPiece(piece: string, separators: readonly string[], take: TakePair): void {
  let best = piece.length;
  let length = 0;
  for (const separator of separators) {
    const at = piece.indexOf(separator, 1);
    if (at !== -1 && at < best && at + separator.length < piece.length) [best, length] = [at, separator.length];
  }
  if (best < piece.length) take(piece.slice(0, best), piece.slice(best + length));
}
