import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "json-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The objects that a command writes with `--json`, and its status. */
async function ran(...args: string[]) {
  let stdout = "";
  const status = await run([...args, "--json"], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
  });
  const lines = stdout.split("\n").slice(0, -1);
  return { status, objects: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("--json, an object a line,", () => {
  it("of rules check has each problem with its place and code", async () => {
    const path = file("wrong.sls", 'e_set("a", 1)\ne_sett("b", 2)\n');
    const message = "e_sett is no function of the rule language; did you mean e_set?";
    expect(await ran("rules", "check", path)).toEqual({
      status: 1,
      objects: [{ file: path, line: 2, column: 1, severity: "error", code: "RULES_UNKNOWN_NAME", message }],
    });
    expect(await ran("rules", "check", file("right.sls", 'e_set("a", 1)'))).toEqual({ status: 0, objects: [] });
  });

  it("of rules test has each case, and what differs", async () => {
    const path = file("a.sls", 'e_set("n", "1")');
    file("a.test.yaml", "cases:\n  - { name: right, event: {}, expect: { n: 1 } }\n  - { name: wrong, event: {} }\n");
    expect(await ran("rules", "test", path)).toEqual({
      status: 1,
      objects: [
        { name: "right", ok: true },
        { name: "wrong", ok: false, difference: ["the default output:", "  event 1", '  + n: "1"'] },
      ],
    });
  });

  it("of rules explain has each statement, what it leaves and what it sends", async () => {
    const path = file("e.sls", 'e_set("n", "1")\ne_coutput("copy")\ne_set("m", ct_int(v("a")))');
    const { status, objects } = await ran("rules", "explain", path, "--event", '{"a":"x"}');
    expect(objects).toMatchObject([
      { line: 1, events: [{ a: "x", n: "1" }], emitted: [] },
      { line: 2, emitted: [{ output: "copy", event: { a: "x", n: "1" } }] },
      { line: 3, failure: expect.stringContaining("ct_int") },
    ]);
    expect(status).toBe(1);
  });

  it("of monitor test has each case, and what differs", async () => {
    const path = file(
      "monitors.yaml",
      [
        'monitors: [{ name: Errors, match: { status: "^5" }, alert: { to: oncall } }]',
        "sources: { gz: { region: ap-guangzhou, topic: t } }",
        "receivers: { oncall: { url: { env: URL } } }",
        "state: memory",
        "cases:",
        "  - { name: told, in: [{ at: 0s, source: gz, record: { status: 503 } }], alerts: [{ kind: first }], until: 1s }",
        "  - { name: not told, in: [{ at: 0s, source: gz, record: { status: 503 } }], alerts: [], until: 1s }",
      ].join("\n"),
    );
    expect(await ran("monitor", "test", path)).toEqual({
      status: 1,
      objects: [
        { name: "told", ok: true },
        { name: "not told", ok: false, difference: [expect.stringMatching(/^\+ 0s +first Errors, 1 record/)] },
      ],
    });
  });
});
