import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PEAK_MB } from "../peak-memory";

interface Told {
  /** What the script printed, a line each. */
  readonly lines: readonly string[];
  /** The most memory that the process had, in MB. */
  readonly peak: number;
}

/** Runs a script over the built engine, in a process whose heap is as large as in a function of 256 MB. */
function inSmallProcess(script: string): Told {
  const prelude = `
    const { compileRules } = require("./dist/rules/run/engine.js");
    const { Event } = require("./dist/rules/run/event.js");
    const { rulePartsIn } = require("./dist/functions/runtime/loader.js");
    const parts = rulePartsIn(require("node:path").resolve("dist/parts"));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--max-old-space-size=128", "-e", `${prelude}${script};console.log(${PEAK_MB})`],
    { cwd: join(__dirname, "../../.."), encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr.slice(-2000));
  const lines = stdout.trim().split("\n");
  return { lines: lines.slice(0, -1), peak: Number(lines.at(-1)) };
}

it("keeps few of the patterns that events bring, where they are large", () => {
  const { lines, peak } = inSmallProcess(`
    const rules = compileRules('e_set("m", regex_match(v("a"), v("p")))', { parts, environment: {} });
    const found = new Set();
    for (let at = 0; at < 500; at++) {
      const p = at % 2 ? \`(?:[ab]*a[ab]{900}c\${at}){9}\` : \`(?:(?:a?b?){900}\${at})\`;
      const { emitted, failure } = rules.run(new Event({ a: "ab\\u4e2d".repeat(50), p }));
      found.add(failure ?? emitted[0].event.get("m"));
    }
    console.log([...found].join())`);
  expect(lines).toEqual(["false"]);
  expect(peak).toBeLessThan(200);
});

it("keeps few of the queries that events bring, with the patterns in them", () => {
  const { lines, peak } = inSmallProcess(`
    const rules = compileRules('e_if(e_search(v("q")), e_set("m", "1"))', { parts, environment: {} });
    const found = new Set();
    for (let at = 0; at < 500; at++) {
      const q = \`a ~= "(?:(?:a?b?){900}\${at})" or b: "\${"x".repeat(20_000)}\${at}"\`;
      const { emitted, failure } = rules.run(new Event({ a: "ab\\u4e2d".repeat(50), q }));
      found.add(failure ?? emitted[0].event.has("m"));
    }
    console.log([...found].join())`);
  expect(lines).toEqual(["false"]);
  expect(peak).toBeLessThan(200);
});

it("keeps a bounded number of groups' ends, whatever the pattern", () => {
  const { lines, peak } = inSmallProcess(`
    const rules = compileRules('e_set("m", regex_findall(v("a"), v("p")))', { parts, environment: {} });
    for (const p of ["(?:(a?))".repeat(3000) + "|b", "(a)?".repeat(1000)]) {
      const { emitted, failure } = rules.run(new Event({ a: "\u4e2da".repeat(2000), p }));
      console.log(failure ?? emitted.length);
    }`);
  expect(lines[0]).toContain("a pattern must keep 4194304 ends of groups at most");
  expect(lines[1]).toMatch(/a pattern of \d+ steps must take 67108864 at most on a text/);
  expect(peak).toBeLessThan(250);
});

it("refuses a pattern that is too long to be read", () => {
  const { lines, peak } = inSmallProcess(`
    const rules = compileRules('e_set("m", regex_match(v("a"), v("p")))', { parts, environment: {} });
    console.log(rules.run(new Event({ a: "x", p: "(a)?".repeat(1_000_000) })).failure)`);
  expect(lines[0]).toBe("line 1: the pattern must have 65536 characters at most, got 4000000; match in several steps");
  expect(peak).toBeLessThan(120);
});

it("reads a log with a line of 1 MiB through grok of a combined log within a function of 256 MB", () => {
  const { lines, peak } = inSmallProcess(`
    const rules = compileRules('e_regex("a", grok("%{COMBINEDAPACHELOG}"))', { parts, environment: {} });
    const line = (path) => \`10.2.0.1 - bob [13/Apr/2015:17:22:03 +0800] "GET /\${path} HTTP/1.1" 404 285 "-" "curl/7.19.7"\`;
    const counts = { matched: 0, others: 0 };
    const take = (a) => {
      const { emitted, failure } = rules.run(new Event({ a }));
      if (failure !== undefined) throw new Error(failure);
      counts[emitted[0].event.has("verb") ? "matched" : "others"]++;
    };
    for (let at = 0; at < 2000; at++) take(line(at));
    const long = "a/".repeat(1 << 19);
    take(line(long));
    take(long);
    take(line("x").repeat(1 << 13).slice(0, 1 << 20));
    take("\\u4e2d ".repeat(1 << 19));
    for (let at = 0; at < 2000; at++) take(line(at));
    console.log(JSON.stringify(counts))`);
  expect(lines).toEqual(['{"matched":4002,"others":2}']);
  expect(peak).toBeLessThan(220);
});
