import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "../../../functions/parser/parse";
import { createRulesProcessor } from "../../../functions/processors/rules";
import type { OutputsSettings } from "../../../functions/settings";
import { compileRules, type Idle } from "../../../rules";
import { findBusy } from "./idle-suite";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

function idleOf(text: string): Idle | undefined {
  return compileRules(text, { parts: { load: () => undefined }, environment: {} }).idle;
}

describe("rules leave records alone in whose bytes there is nothing for them:", () => {
  const TOLD: [string, string, Idle["outputs"], Idle["unless"]][] = [
    ["kept ones", 'e_drop(e_search("healthcheck"))', [null], [{ text: "healthcheck" }]],
    ["dropped ones", 'e_keep(e_search("panic or fatal"))\ne_set("a", "b")', [], [{ text: "panic" }, { text: "fatal" }]],
    [
      "those that are not sent elsewhere",
      'e_if(e_match("m", "panic.*"), e_output("errors"))',
      [null],
      [{ text: "panic" }],
    ],
    [
      "all of them, to an output",
      'e_if(op_not(e_search("panic")), e_output("rest"))\ne_set("a", "b")',
      ["rest"],
      [{ text: "panic" }],
    ],
    [
      "by a field's start",
      String.raw`e_keep(e_match("status", "5\\d\\d"))`,
      [],
      [{ field: "status", test: "starts", text: "5" }],
    ],
    ["by a field's text", 'e_keep(v("status") == "500")', [], [{ field: "status", test: "is", text: "500" }]],
    ["by what a field holds", 'e_keep(e_search("status: 50*"))', [], [{ field: "status", test: "holds", text: "50" }]],
    ["by a field that is there", 'e_drop(e_has("debug"))', [null], [{ field: "debug", test: "exists", text: "" }]],
    ["where one of two must be", 'e_keep(e_search("panic") and ct_int(v("n")) > 1)', [], [{ text: "panic" }]],
    ["a copy and itself", 'e_coutput("all")\ne_drop(e_search("noise"))', ["all", null], [{ text: "noise" }]],
    ["none of them, ever", "e_drop()", [], []],
    [
      "by the words of a pattern",
      'e_drop(e_search("agent~=\\"(kube|elb)-(probe|check)\\""))',
      [null],
      [{ text: "kube-probe" }, { text: "kube-check" }, { text: "elb-probe" }, { text: "elb-check" }],
    ],
  ];

  it.each(TOLD)("%s", (_, text, outputs, unless) => {
    expect(idleOf(text)).toEqual({ outputs, unless });
  });

  it.each([
    ["a change of each", 'e_set("a", "b")\ne_drop(e_search("panic"))'],
    ["a condition that may fail", 'e_keep(ct_int(v("n")) > 1 and e_search("panic"))'],
    ["numbers, which JSON writes in several ways", 'e_keep(e_search("500"))'],
    ["a field that CLS has under another name", 'e_keep(e_match("__source__", "10.*"))'],
    ["a pattern that matches anything", 'e_keep(e_match("m", ".*"))'],
    ["an output that the event names", 'e_output(v("where"))'],
  ])("not %s", (_, text) => {
    expect(idleOf(text)).toBeUndefined();
  });

  it("they do nothing to those that are said to be left alone, seeded; npm run soak tries ten million", async () => {
    const tally = { texts: 0, told: 0, records: 0, idle: 0 };
    await findBusy(SEED, 4_000, tally);
    console.log(
      `${tally.told} of ${tally.texts} rule texts, ${tally.idle} of ${tally.records} records idle (LOGS_SEED=${SEED})`,
    );
    expect(tally.idle).toBeGreaterThan(tally.records / 20);
  });
});

describe("the processor does with them what the rules would", () => {
  const outputs = {
    outputs: { main: { type: "cos" }, topic: { type: "cls" }, invalid: { type: "cos" } },
    defaultOutput: "main",
  } as unknown as OutputsSettings;

  /** What the rules make of some lines: each output's lines with their labels, what is dropped, and how many failed. */
  async function processed(text: string, lines: readonly string[]): Promise<unknown> {
    const folder = mkdtempSync(join(tmpdir(), "idle-"));
    writeFileSync(join(folder, "rules.sls"), text);
    const processor = createRulesProcessor({ kind: "rules", onError: "fail" } as never, outputs, folder);
    const counts = { lines: 0, records: 0, invalid: 0 };
    const all: unknown[] = [];
    const options = { object: "a", check: "json", maxLineBytes: 1 << 20 } as const;
    for await (const { records } of parse([Buffer.from(lines.join("\n"))], options, counts)) {
      const { routed, dropped, failed } = await processor.process(records, new AbortController().signal);
      const textOf = ({ raw }: { raw: Uint8Array }): string => Buffer.from(raw).toString();
      const sent = routed.map((one) => [one.output, one.records.map((record) => [textOf(record), record.labels])]);
      all.push({ sent, dropped: dropped.map(textOf), failed });
    }
    rmSync(folder, { recursive: true });
    return { all, counts };
  }

  /** Never true, and nothing that bytes could tell: so each record takes its way through the rules. */
  const RUN_EACH = "e_if(op_gt(1, 2), DROP)";

  const LINES = Array.from({ length: 900 }, (_, number) => {
    if (number % 50 === 7) return "panic, and no JSON";
    const message = number % 40 === 0 ? "panic: p" : number % 41 === 0 ? "p\\u0061nic" : "ok";
    return `{"message":"${message}", "__TAG__":{"pod":"a${number}"}, "n":${number}, "status" : "${number % 30 === 0 ? 503 : 200}"}`;
  });

  it.each([
    ['e_drop(e_search("panic"))'],
    ['e_keep(e_search("panic"))\ne_set("level", "error")'],
    ['e_if(e_search("panic"), e_output("topic"))'],
    ['e_if(op_not(e_search("panic")), e_output("topic"))'],
    ['e_coutput("topic")\ne_keep(e_match("status", "5\\\\d+"))'],
    ['e_if(e_search("panic"), e_set("n", ct_int(v("message"))))'],
    ['e_output("invalid")'],
  ])("%s", async (text) => {
    expect(await processed(`\n${text}`, LINES)).toEqual(await processed(`${RUN_EACH}\n${text}`, LINES));
  });
});
