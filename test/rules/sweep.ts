import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseParameters, type Parameter } from "../../rules/check/parameters";
import { kindOf, type Definition } from "../../rules/functions/define";
import { generator } from "./fuzz";
import { PEAK_MB } from "./peak-memory";

/** Milliseconds of wall time after which a call counts as one that hangs. */
const MOST_MS = 120_000;

/** Fields as large as a text may be, each of one unit again and again, of those that functions may stumble over. */
const UNITS: Readonly<Record<string, string>> = {
  pairs: 'x"',
  word: "x",
  wide: "中ß",
  emoji: "😀",
  digits: "7",
  wideDigits: "７",
  groups: "1_",
  commas: ",",
  blanks: " ",
  gaps: "a ",
  lines: "a=1\n",
  ends: "\r\n",
  nulls: "\0",
  escapes: "%41\\x41&amp;",
  percents: "%e4",
  hex: "\\x41",
  references: "&#65;",
  ampersands: "&",
  parameters: "a=1&",
  quotes: '\\"',
  apostrophes: "'a",
  dashes: "-_",
  pluses: "+",
  dots: "1.",
  colons: ":",
  slashes: "/",
  tags: "<a>",
  brackets: "[",
  braces: "{}",
  base64: "QUJD",
  directives: "%Y-%m ",
  date: "2019-06-03 ",
};

/** Others, as JavaScript that makes them. */
const MADE: Readonly<Record<string, string>> = {
  json: `'["' + filled("x", 4) + '"]'`,
  dict: `"{" + Array.from({ length: 100_000 }, (_, at) => '"k' + at + '": ' + at).join(",") + "}"`,
  many: `",".repeat(2 ** 20 - 1)`,
  int: `"7".repeat(4300)`,
};

const LARGE = [
  ...[...Object.keys(UNITS), "json"].map((name) => `v("${name}")`),
  // What comes at the end is where a pattern fails, and begins anew.
  ...Object.keys(UNITS).flatMap((name) => [`v("${name}_end")`, `v("${name}_mid")`]),
  'str_encode(v("word"))',
  'str_split(v("many"), ",")',
  'op_mul(lst_make(v("word")), 1000)',
  'json_parse(v("dict"))',
  'ct_int(v("int"))',
  'dct_make("a", v("word"), v("word"), "b")',
];
const OTHERS = ['v("small")', 'ct_int(v("n"))', '"{}{}{}"', "16777216"];

/** What became of a call: what was made or the failure, shortened. */
export interface Swept {
  readonly call: string;
  readonly told: string;
  /** CPU time. */
  readonly ms: number;
  /** The most memory of the process so far. */
  readonly mb: number;
}

/** Calls of a function with something as large as it may be in a place, drawn with a seed; now and then in all places. */
export function largeCalls(name: string, definition: Definition, count: number, seed: number): readonly string[] {
  const random = generator(seed + [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const { positional, rest } = parseParameters(definition.parameters);
  const slots: readonly Pick<Parameter, "type">[] = [
    ...positional,
    ...(rest ? [...rest.types, ...rest.types].map((type) => ({ type })) : []),
  ];
  const required = positional.filter(({ optional }) => !optional).length + (rest ? rest.types.length : 0);
  const places = slots.flatMap(({ type }, at) => (type === "op" ? [] : [at]));
  if (places.length === 0) return [];
  const drawn = Array.from({ length: count }, (_, at) => {
    const place = places[at % places.length];
    const length = Math.max(place + 1, required);
    const isAll = random() < 0.2;
    const values = slots
      .slice(0, length)
      .map(({ type }, slot) =>
        type === "op" ? 'e_set("p", "1")' : slot === place || isAll ? any(LARGE) : any(OTHERS),
      );
    return `${name}(${values.join(", ")})`;
  });
  const isOperation = kindOf(definition) === "operation";
  return [...new Set(drawn)].map((call) => (isOperation ? call : `e_set("o", ${call})`));
}

/** Runs calls one after the other in a process with the heap of a function, and in another where that one ends. */
export async function swept(calls: readonly string[]): Promise<readonly Swept[]> {
  const found: Swept[] = [];
  while (found.length < calls.length) {
    const told = await inProcess(calls.slice(found.length));
    found.push(...told);
  }
  return found;
}

const SCRIPT = `
  const { compileRules, RulesError } = require("./dist/rules/run/engine.js");
  const { Event } = require("./dist/rules/run/event.js");
  const { MAX_LENGTH } = require("./dist/rules/run/length.js");
  const { rulePartsIn } = require("./dist/functions/runtime/loader.js");
  const parts = rulePartsIn(require("node:path").resolve("dist/parts"));
  const filled = (unit, less = 0) => {
    const encoding = /[^\\x00-\\xff]/.test(unit) ? "utf16le" : "latin1";
    const bytes = Buffer.from(unit, encoding);
    const size = (MAX_LENGTH - less) * (encoding === "latin1" ? 1 : 2);
    return Buffer.alloc(size - (size % bytes.length), bytes).toString(encoding);
  };
  const UNITS = ${JSON.stringify(UNITS)};
  const FIELDS = { small: () => "a", n: () => "2", MADE };
  const unitField = (name, kind) => {
    const [before, after] = kind === "mid" ? ["x", "!"] : kind === "end" ? ["", "!"] : ["", ""];
    return before + filled(UNITS[name], before.length + after.length) + after;
  };
  const outcomeOf = (call) => {
    const names = [...call.matchAll(/v\\("(\\w+)"\\)/g)].map(([, name]) => name);
    const event = new Event(Object.fromEntries(names.map((name) => [name, FIELDS[name]?.() ?? unitField(...name.split("_"))])));
    try {
      const { emitted, failure } = compileRules(call, { parts, environment: {} }).run(event);
      if (failure !== undefined) return failure.slice(0, 200);
      const longest = Math.max(0, ...emitted.flatMap(({ event: { fields } }) =>
        Object.values(fields).map((value) => value.length)));
      return longest > MAX_LENGTH ? "TOO LONG: " + longest : "made";
    } catch (error) {
      return error instanceof RulesError ? "refused" : "THROWN: " + error.stack.slice(0, 300);
    }
  };
  for (const call of JSON.parse(process.argv[1])) {
    const start = process.cpuUsage();
    const told = outcomeOf(call);
    const { user, system } = process.cpuUsage(start);
    const ms = Math.round((user + system) / 1000);
    require("node:fs").writeSync(1, JSON.stringify({ call, told, ms, mb: Math.round(${PEAK_MB}) }) + "\\n");
  }`.replace("MADE", () =>
  Object.entries(MADE)
    .map(([name, made]) => `${name}: () => ${made}`)
    .join(","),
);

/** What became of the calls up to the first that ends the process. */
function inProcess(calls: readonly string[]): Promise<readonly Swept[]> {
  const found: Swept[] = [];
  const child = spawn(process.execPath, ["--max-old-space-size=256", "-e", SCRIPT, JSON.stringify(calls)], {
    cwd: join(__dirname, "../.."),
  });
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  let isHanging = false;
  const hang = (): void => {
    isHanging = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hang, MOST_MS);
  createInterface({ input: child.stdout }).on("line", (line) => {
    clearTimeout(timer);
    timer = setTimeout(hang, MOST_MS);
    found.push(JSON.parse(line) as Swept);
  });
  return new Promise((resolve) => {
    child.on("close", (status) => {
      clearTimeout(timer);
      if (found.length < calls.length) {
        const why = /(?:FATAL ERROR|\w*Error): .*/.exec(stderr)?.[0] ?? stderr.slice(-300);
        const told = isHanging ? "HANGS" : `CRASHED (${status}): ${why}`;
        found.push({ call: calls[found.length], told, ms: NaN, mb: NaN });
      }
      resolve(found);
    });
  });
}
