import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrialReport } from "../../../cli/page/items";
import { Trials } from "../../../cli/page/trial";
import { graphOf } from "../../../cli/graph/draw";
import { readStacks } from "../../../cli/graph/plan";
import { synthesize } from "../../examples/support/synthesize";

let folder: string;
let trials: Trials;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trial-"));
  await synthesize("rules-migration", folder);
  const stacks = readStacks(undefined, join(folder, "cdktf.out"));
  trials = new Trials(stacks, graphOf(stacks));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const said = ({ steps }: TrialReport): string[] => steps.map(({ stage, title }) => `${stage}: ${title}`);

it("takes a line through parser, rules and outputs", async () => {
  const [{ id, title }] = trials.list;
  expect(title).toBe("AccessRules/Function");
  const line = '{"status": "502", "path": "/pay/1?x=1", "remote_addr": "10.1.2.3", "request_time": "0.7"}';
  const report = await trials.run(id, line);
  expect(said(report).at(0)).toBe("parser: Record at line 1");
  expect(said(report)).toContainEqual(
    expect.stringMatching(/^output: archive: logs-archive-.*-1250000000\/archive\/$/),
  );
  expect(said(report)).toContain("output: errors: Errors");
  const masked = report.steps.find(({ code }) => code?.startsWith('e_set("remote_addr"'));
  expect(masked).toMatchObject({
    line: 17,
    changes: [{ sign: "~", name: "remote_addr", value: '"10.1.2.0"' }],
  });
});

it("shows where a line is dropped, and what is no record", async () => {
  const [{ id }] = trials.list;
  const dropped = await trials.run(id, '{"user_agent": "监控探针 1"}');
  expect(said(dropped).at(-1)).toBe("rules: Dropped");
  const invalid = await trials.run(id, "no JSON");
  expect(said(invalid)).toEqual(["parser: Line 1 is invalid: not a JSON object"]);
});

it("refuses what is no function, and no line", async () => {
  await expect(trials.run("nothing", "{}")).rejects.toThrow('function must be one of the stack, got "nothing"');
  await expect(trials.run(trials.list[0].id, " ")).rejects.toThrow("text must be a log line, got nothing");
});
