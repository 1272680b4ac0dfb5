import { Event } from "../../rules/run/event";
import { checkRules } from "../../rules/run/engine";
import { parse } from "../../rules/language/parser";
import { parseQuery } from "../../rules/query/parse";
import { compileQuery } from "../../rules/query";
import { QueryError } from "../../rules/query/tree";
import { compileRegex } from "../../rules/regex/compile";
import { FUNCTIONS } from "../../rules/functions";
import { parts } from "./support";

/** Texts that are near to real ones: what finds more than noise does. */
const SEEDS = [
  'e_if(e_search("status >= 500 and not path: /health*"), e_set("level", "error", mode="fill"))',
  'e_regex("msg", r"(?P<a>\\d+) (?P<b>\\w+)", {r"k_\\1": r"v_\\2"})',
  'e_set("x", op_add("a", str_join("-", v("b", "c", default=None), ct_int("0x1f", base=16))))\n# comment\ne_drop()',
  'e_switch(e_has("a"), e_output("b", tags={"k": v("c")}), default=e_compose(KEEP, e_split("d", sep=",")))',
  'e_json("data", depth=2, prefix="p_", fmt="full", include_node=r"\\w+") ; e_kv(["a", "b"], sep="(?:=|:)")',
];
const QUERIES = [
  'a: "b c" and (d==e* or not f~="^x.*$")',
  "n: [1, *] or m > -1.5 x y",
  String.raw`__tag__\:k: (a or "b")`,
];
const PIECES = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  "\\",
  ",",
  "=",
  ":",
  "\n",
  "#",
  "*",
  "?",
  "~=",
  "==",
  "not ",
  " and ",
  'r"',
  "__proto__",
  "constructor",
  "\u0000",
  "😀",
  "（",
  "0",
  "-",
  ...FUNCTIONS.keys(),
];

/** One rule text in so many is also compiled, which takes a hundred times as long as reading it. */
const COMPILED = 64;

/** What a run of the fuzzer found. */
export interface Fuzzed {
  readonly tried: number;
  /** The slowest text, and how long it took in milliseconds. */
  readonly slowest: { readonly ms: number; readonly text: string };
}

/**
 * Reads random and mutated rule texts and queries. Throws with the text where one crashes, and where one touches what all
 * objects inherit.
 *
 * @param seed the same texts for the same seed
 */
export function fuzz(count: number, seed: number): Fuzzed {
  const random = generator(seed);
  const inherited = Object.getOwnPropertyNames(Object.prototype).join();
  let slowest = { ms: 0, text: "" };
  for (let tried = 0; tried < count; tried++) {
    const isQuery = tried % 2 === 1;
    const text = mutated(pick(isQuery ? QUERIES : SEEDS, random), random);
    const startedAt = performance.now();
    try {
      if (isQuery) readQuery(text, tried % COMPILED === 1);
      else if (tried % COMPILED === 0) checkRules(text, { parts });
      else parse(text, () => undefined);
    } catch (error) {
      throw new Error(`${isQuery ? "query" : "rules"} ${JSON.stringify(text)}: ${(error as Error).stack}`, {
        cause: error,
      });
    }
    const ms = performance.now() - startedAt;
    if (ms > slowest.ms) slowest = { ms, text };
  }
  if (Object.getOwnPropertyNames(Object.prototype).join() !== inherited)
    throw new Error("Object.prototype was touched");
  return { tried: count, slowest };
}

const EVENT = { a: "b c", f: "xyz", n: "5", __proto__x: "1" };

function readQuery(text: string, isRun: boolean): void {
  try {
    if (isRun) compileQuery(text, (pattern) => compileRegex(pattern, "linear"))(new Event(EVENT));
    else parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
  }
}

function mutated(text: string, random: () => number): string {
  let mutant = random() < 0.1 ? "" : text;
  for (let changes = 1 + Math.floor(random() * 6); changes > 0; changes--) {
    const at = Math.floor(random() * (mutant.length + 1));
    const length = Math.floor(random() * 8);
    const kind = random();
    if (kind < 0.4) mutant = mutant.slice(0, at) + pick(PIECES, random) + mutant.slice(at);
    else if (kind < 0.7) mutant = mutant.slice(0, at) + mutant.slice(at + length);
    else if (kind < 0.9) mutant = mutant.slice(0, at) + mutant.slice(Math.max(0, at - length)) + mutant.slice(at);
    else mutant = mutant.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x3000)) + mutant.slice(at + 1);
  }
  return mutant.slice(0, 4000);
}

export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)];
}

/** A small generator whose numbers are the same everywhere (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
