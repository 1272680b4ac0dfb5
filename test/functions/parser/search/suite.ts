import { LiteralSearch, type SearchOptions } from "../../../../functions/parser/search/literal-search";
import type { Searcher } from "../../../../functions/parser/search/searcher";
import { readJson } from "../../../../functions/parser/read-json";
import { type Literal, type Needed, needsOfField, needsOfPattern, needsOfQuery, TopicEvent } from "../../../../rules";
import { compileQuery } from "../../../../rules/query";
import { compileRegex, type Event, RegexError } from "../../../../rules";
import type { Fields } from "../../../../rules/run/event";
import { Random } from "../scan/random";
import { FIELDS, randomLine, randomPattern, randomQuery, writtenString } from "./random-json";

/** Number of lines that are tried for each condition. */
const LINES = 12;

const field = (test: "exists" | "starts" | "is" | "holds", text: string): Literal => ({ field: "a", test, text });

/** Literals, and lines that contain them in one of JSON's notations. */
export const MUST_FIND: readonly (readonly [name: string, literal: Literal, line: string])[] = [
  ["at the end of the bytes", { text: "panic" }, "a panic"],
  ["with an escape", { text: "panic" }, '{"a":"p\\u0061nic"}'],
  ["with an escape beyond ASCII", { text: "中文" }, '{"a":"\\u4e2d\\u6587"}'],
  ["in capitals", { text: "kiss", ignoreCase: true }, '{"a":"KISS"}'],
  ["with what Python takes for a letter", { text: "kiss", ignoreCase: true }, '{"a":"ki\u017fs"}'],
  ["behind the letter of a short escape, in an object's text", { text: "nfoo" }, '{"a":{"b":"\\u000afoo"}}'],
  ["behind a long escape, in an object's text", { text: "1b[3" }, '{"a":{"b":"\\u001B[3"}}'],
  ["half a character, in an object's text", { text: "d83dx" }, '{"a":{"b":"\\uD83Dx"}}'],
  ["as a name", field("exists", ""), '{"a":null}'],
  ["as a start", field("starts", "5"), '{"a":"503"}'],
  ["as a start behind spaces", field("starts", "5"), '{"a" :\t "503"}'],
  ["as all of a text", field("is", "503"), '{"a":"503"}'],
  ["within a text, behind an escape", field("holds", "03"), '{"a":"\\n503"}'],
  ["within a text, behind a quote", field("holds", "03"), '{"a":"\\"x\\"03"}'],
  ["within a text, right behind a backslash", field("holds", "03"), '{"a":"\\\\03"}'],
  ["at the end of a text", field("holds", "03"), '{"a":"503"}'],
  ["as a number", field("starts", "5"), '{"a":503}'],
  ["as a number with an exponent", field("starts", "5"), '{"a":0.5e3}'],
  ["as a number that rounds to it", field("starts", "5"), '{"a":4.9999999999999999999}'],
  ["as a number that is written with an exponent", field("starts", "5"), '{"a":0.0000005}'],
  ["as a zero with a minus", field("is", "0"), '{"a":-0}'],
  ["at the end of a number", field("holds", "03"), '{"a":503}'],
  ["at the end of a word", field("holds", "lse"), '{"a":false}'],
  ["in a list", field("holds", "5"), '{"a":[5]}'],
  ["in an object", field("holds", "5"), '{"a":{"b":5}}'],
];

/** Whether a search finds a literal in some bytes. */
export function finds(literal: Literal, text: string, options: SearchOptions): boolean {
  const search = new LiteralSearch([literal], options);
  const bytes = Buffer.from(text);
  search.open(bytes);
  return search.next(0, bytes.length) >= 0;
}

export interface Tally {
  /** Number of lines examined by conditions with known needs. */
  looks: number;
  /** How often a condition held. */
  held: number;
  /** How often it did not, and the search found nothing, so that the line could be skipped. */
  spared: number;
}

/** A condition with needed literals, and its test of an event. */
interface Condition {
  readonly name: string;
  readonly needed: Needed;
  readonly holds: (event: Event) => boolean;
}

/** Throws if a condition holds for a line in which none of its needed literals is found. */
export function findMiss(searcher: Searcher | undefined, seed: number, looks: number, tally: Tally): void {
  const random = new Random(seed);
  const end = tally.looks + looks;
  while (tally.looks < end) {
    const lines = Array.from({ length: LINES }, () => randomLine(random));
    const events = lines.map((line) => {
      const bytes = Buffer.from(line);
      return new TopicEvent(readJson(bytes, 0, bytes.length) as Fields);
    });
    for (const { name, needed, holds } of conditionsOf(random, events)) {
      if (needed === undefined) continue;
      const isInner = random.below(3) === 0;
      const search = new LiteralSearch(needed, { level: isInner ? "strings" : "lines", searcher });
      lines.forEach((line, index) => {
        const bytes = Buffer.from(isInner ? writtenString(random, line, random.pick([0, 0, 5])) : line);
        search.open(bytes);
        const isFound = search.next(0, bytes.length) >= 0;
        const isTrue = holds(events[index]);
        tally.looks++;
        if (isTrue) tally.held++;
        else if (!isFound) tally.spared++;
        if (isTrue && !isFound) {
          const what = `${name} needs ${JSON.stringify(needed)}`;
          throw new Error(`${what}, and was not found in ${bytes.toString()} (seed ${seed})`);
        }
        const marks = search.marks(0, bytes.length);
        if (marks.includes(1) !== isFound)
          throw new Error(`${name}: marks must tell what next tells of ${bytes.toString()}`);
      });
    }
  }
}

/** Conditions with words of these events, often of one field. */
function conditionsOf(random: Random, events: readonly Event[]): Condition[] {
  const told = events.flatMap((event) => event.names().map((name) => [name, event.get(name)!] as const));
  const [field, sample] = told.length > 0 ? random.pick(told) : [random.pick(FIELDS), ""];
  const samples = [sample, sample, ...told.map(([, text]) => text)].filter((text) => text !== "");
  try {
    const pattern = randomPattern(random, samples.slice(0, random.pick([2, 2, 99])));
    const regex = compileRegex(pattern);
    const query = randomQuery(random, samples);
    const test = compileQuery(query, compileRegex);
    const { holds, fails } = needsOfQuery(query);
    const isFull = random.below(2) === 0;
    const textOf = (event: Event): string | undefined => event.get(field);
    return [
      {
        name: `a value with ${pattern}`,
        needed: needsOfPattern(pattern),
        holds: (event) => event.names().some((name) => regex.test(event.get(name)!)),
      },
      {
        name: `${field} with ${isFull ? "all of " : ""}${pattern}`,
        needed: needsOfField(field, pattern, isFull),
        holds: (event) => {
          const text = textOf(event);
          return text !== undefined && (isFull ? regex.testFull(text) : regex.test(text));
        },
      },
      { name: query, needed: holds, holds: test },
      { name: `not ${query}`, needed: fails, holds: (event) => !test(event) },
    ];
  } catch (error) {
    // Some are invalid, such as \b{2}.
    if (error instanceof RegexError || (error as Error).name === "QueryError") return [];
    throw error;
  }
}
