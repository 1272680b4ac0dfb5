import { parse } from "../../../functions/parser/parse";
import { IdleRecords } from "../../../functions/processors/idle-records";
import { compileRules, type Rules, RulesError, TopicEvent } from "../../../rules";
import { Random } from "../parser/scan/random";
import { FIELDS, randomLine, randomPattern, randomQuery } from "../parser/search/random-json";

const LINES = 60;

export interface Tally {
  texts: number;
  /** Texts for which bytes show which records they leave unchanged. */
  told: number;
  records: number;
  /** Number of records left unchanged. */
  idle: number;
}

/** Throws if rules change a record that was expected to stay unchanged. */
export async function findBusy(seed: number, records: number, tally: Tally): Promise<void> {
  const random = new Random(seed);
  const end = tally.records + records;
  while (tally.records < end) {
    const lines = Array.from({ length: LINES }, () => lineOf(random));
    const text = textOf(random, samplesOf(lines));
    const rules = compiled(text);
    if (!rules) continue;
    tally.texts++;
    if (!rules.idle) continue;
    tally.told++;
    await findBusyIn(rules, lines, tally).catch((error: Error) => {
      throw new Error(`${error.message}\n${text}\n(seed ${seed})`);
    });
  }
}

/** The same for lines that are read as a file. */
async function findBusyIn(rules: Rules, lines: readonly string[], tally: Tally): Promise<void> {
  const options = { object: "a", check: "json", maxLineBytes: 1 << 20 } as const;
  const counts = { lines: 0, records: 0, invalid: 0 };
  const bytes = Buffer.from(`{}\n${lines.join("\n")}\n`);
  const { unless, outputs } = rules.idle!;
  // Cut anywhere, so that some lines are in separate buffers.
  const cuts = [bytes.subarray(0, bytes.length / 3), bytes.subarray(bytes.length / 3)];
  for await (const { records } of parse(cuts, options, counts)) {
    const idle = new IdleRecords(unless).of(records);
    records.forEach((record, at) => {
      tally.records++;
      if (idle?.[at] !== 1) return;
      tally.idle++;
      const { emitted, failure } = rules.run(new TopicEvent(JSON.parse(JSON.stringify(record.fields))));
      const isAsTold = JSON.stringify(emitted.map(({ output }) => output)) === JSON.stringify(outputs);
      if (failure === undefined && isAsTold && !emitted.some(({ event }) => event.changed)) return;
      const told = `${failure ?? JSON.stringify(emitted)} and not ${JSON.stringify(outputs)} unchanged`;
      throw new Error(`${told}, of ${Buffer.from(record.raw).toString()}`);
    });
  }
}

function lineOf(random: Random): string {
  return random.below(12) === 0
    ? random.pick(["", " ", "no JSON: panic 500", '{"status":"500"', "[]"])
    : randomLine(random);
}

/** Texts that occur in the lines. */
function samplesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    try {
      const values = Object.values(JSON.parse(line) as object) as unknown[];
      return values.filter((value): value is string => typeof value === "string" && value !== "");
    } catch {
      return [];
    }
  });
}

function compiled(text: string): Rules | undefined {
  try {
    return compileRules(text, { parts: { load: () => undefined }, environment: {} });
  } catch (error) {
    // Some patterns are invalid.
    if (error instanceof RulesError) return undefined;
    throw error;
  }
}

function textOf(random: Random, samples: readonly string[]): string {
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, () => operation(random, samples, 0)).join("\n");
}

const literal = (text: string): string => JSON.stringify(text);

function operation(random: Random, samples: readonly string[], depth: number): string {
  const inner = (): string => operation(random, samples, depth + 1);
  const test = (): string => condition(random, samples, 0);
  const kind = random.below(depth > 1 ? 6 : 11);
  if (kind < 2) return `e_drop(${test()})`;
  if (kind < 4) return `e_keep(${test()})`;
  if (kind === 4)
    return random.pick(["DROP", "KEEP", 'e_output("other")', 'e_coutput("other")', "e_output()", "e_drop()"]);
  if (kind === 5) return random.pick(['e_set("z", "1")', 'e_set("z", ct_int(v("a")))', 'e_drop_fields("k")']);
  if (kind < 8) return `e_if(${test()}, ${inner()}${random.pick(["", `, ${inner()}`, `, ${test()}, ${inner()}`])})`;
  if (kind === 8) return `e_if_else(${test()}, ${inner()}, ${inner()})`;
  if (kind === 9)
    return `e_switch(${test()}, ${inner()}, ${test()}, ${inner()}${random.pick(["", `, default=${inner()}`])})`;
  return `e_compose(${inner()}, ${inner()})`;
}

function condition(random: Random, samples: readonly string[], depth: number): string {
  const inner = (): string => condition(random, samples, depth + 1);
  const field = (): string => literal(random.pick(FIELDS));
  const pattern = (): string => literal(randomPattern(random, samples));
  const full = (): string => random.pick(["", ", full=False", ", full=True"]);
  const kind = random.below(depth > 1 ? 9 : 12);
  if (kind < 2) return `e_search(${literal(randomQuery(random, samples))})`;
  if (kind < 4) return `e_match(${field()}, ${pattern()}${full()})`;
  if (kind === 4) return `regex_match(v(${field()}, ${field()}), ${pattern()}${full()})`;
  if (kind === 5)
    return `${random.pick(["op_eq", "op_ne"])}(v(${field()}), ${literal(random.pick([...samples, "500", ""]))})`;
  if (kind === 6) return `${random.pick(["e_has", "e_not_has"])}(${field()})`;
  if (kind === 7)
    return random.pick(['op_gt(ct_int(v("status")), 400)', "True", "False", 'v("a")', 'op_in(v("a"), "5")']);
  if (kind === 8)
    return `${random.pick(["e_match_all", "e_match_any"])}(${field()}, ${pattern()}, ${field()}, ${pattern()}${full()})`;
  if (kind === 9) return `op_not(${inner()})`;
  return random.pick([
    `op_and(${inner()}, ${inner()})`,
    `op_or(${inner()}, ${inner()})`,
    `(${inner()} and ${inner()})`,
    `(${inner()} or ${inner()})`,
  ]);
}
