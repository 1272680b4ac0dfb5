import { compileRules } from "../../../rules/run/engine";
import { Event } from "../../../rules/run/event";
import { generator } from "../fuzz";
import { parts } from "../support";
import { isPattern, randomPattern } from "./bounds";

const TRIED = 20_000;
/** Most of what is drawn at random is no pattern: as many of those as of patterns would find little. */
const WRONG = 0.1;
const TEXT = "ab,a b 1 中é".repeat(200);

/** Where an event may bring a pattern; in a query it stands between quotes. */
const USES = [
  'e_set("o", regex_match(v("a"), v("p")))',
  'e_set("o", op_len(regex_findall(v("a"), v("p"))))',
  'e_set("o", op_len(regex_replace(v("a"), v("p"), "-")))',
  'e_regex("a", v("p"), "o")',
  'e_if(e_search(v("q")), e_set("o", "1"))',
];

/** A pattern, or now and then what is none. */
function drawn(random: () => number): string {
  for (;;) {
    const p = randomPattern(random);
    if (isPattern(p) || random() < WRONG / 9) return p;
  }
}

it("patterns that events bring, each another one, run or fail by their name within bounded time and memory", () => {
  const random = generator(Date.now());
  const rules = USES.map((text) => compileRules(text, { parts, environment: {} }));
  let slowest = { ms: 0, pattern: "" };
  let failed = 0;
  for (let tried = 0; tried < TRIED; tried++) {
    const p = drawn(random);
    const q = `a ~= ${JSON.stringify(p)}`;
    const start = process.cpuUsage();
    const { failure } = rules[tried % rules.length].run(new Event({ a: TEXT, p, q }));
    const { user, system } = process.cpuUsage(start);
    if ((user + system) / 1000 > slowest.ms) slowest = { ms: (user + system) / 1000, pattern: p };
    if (failure !== undefined) failed++;
    // A fault of ours would come under its class's name.
    expect(failure ?? "").not.toMatch(/^line \d+: (?:Range|Type|Reference)?Error: /);
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${TRIED} patterns of events, ${failed} of them none; the slowest took ${slowest.ms.toFixed(0)} ms ` +
      `(${slowest.pattern}); peak memory ${peak} MB`,
  );
  expect(slowest.ms).toBeLessThan(2000);
});
