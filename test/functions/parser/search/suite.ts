import { LiteralSearch } from "../../../../functions/parser/search/literal-search";
import type { Searcher } from "../../../../functions/parser/search/searcher";
import { readJson } from "../../../../functions/parser/read-json";
import { type Needed, needsOfField, needsOfPattern, needsOfQuery, TopicEvent } from "../../../../rules";
import { compileQuery } from "../../../../rules/query";
import { compileRegex, type Event, RegexError } from "../../../../rules";
import type { Fields } from "../../../../rules/run/event";
import { Random } from "../scan/random";
import { FIELDS, randomLine, randomPattern, randomQuery, writtenString } from "./random-json";

/** How many lines are tried for each condition. */
const LINES = 12;

export interface Tally {
  /** Lines that were looked at by conditions of which something is known. */
  looks: number;
  /** Of these, how often a condition held. */
  held: number;
  /** How often it did not, and the search found nothing, so that nobody needs to look. */
  spared: number;
}

/** What needs literals: a condition, and whether an event fits it. */
interface Condition {
  readonly name: string;
  readonly needed: Needed;
  readonly holds: (event: Event) => boolean;
}

/** Throws where a condition holds of a line in which none of what it needs is found. */
export function findMiss(searcher: Searcher | undefined, seed: number, looks: number, tally: Tally): void {
  const random = new Random(seed);
  const end = tally.looks + looks;
  while (tally.looks < end) {
    const lines = Array.from({ length: LINES }, () => randomLine(random));
    const events = lines.map((line) => {
      const bytes = Buffer.from(line);
      return new TopicEvent(readJson(bytes, 0, bytes.length) as Fields);
    });
    const samples = events.flatMap((event) => event.names().map((name) => event.get(name)!));
    for (const { name, needed, holds } of conditionsOf(
      random,
      samples.filter((text) => text !== ""),
    )) {
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

function conditionsOf(random: Random, samples: readonly string[]): Condition[] {
  try {
    const pattern = randomPattern(random, samples);
    const regex = compileRegex(pattern);
    const field = random.pick(FIELDS);
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
    // Some make no sense, such as \b{2}.
    if (error instanceof RegexError || (error as Error).name === "QueryError") return [];
    throw error;
  }
}
