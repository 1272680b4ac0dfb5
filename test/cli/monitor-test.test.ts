import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";

const DEFINITION = `monitors:
  - name: Errors
    match: { status: "^5" }
    group: [service]
    threshold: { count: 2, within: 1m }
    alert: { to: oncall, also: [{ labels: { team: sea }, to: sea }] }
  - name: Silence
    missing: { for: 15m }
    alert: { severity: critical, to: oncall }
sources:
  gz: { region: ap-guangzhou, topic: t1 }
  sg: { region: ap-singapore, topic: t2, labels: { team: sea } }
receivers: { oncall: { url: { env: URL } }, sea: { url: { env: SEA } } }
state: memory
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "monitor-test-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function test(files: Readonly<Record<string, string>>, ...flags: string[]) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const written = { stdout: "", stderr: "" };
  const status = await run(["monitor", "test", join(folder, "m.yaml"), ...flags], {
    stdout: { write: (part) => (written.stdout += part) },
    stderr: { write: (part) => (written.stderr += part) },
  });
  const short = (text: string): string => text.replaceAll(`${folder}/`, "");
  return { stdout: short(written.stdout), stderr: short(written.stderr), status };
}

const PASSING = `cases:
  - name: an outage is told, counted, and over
    in:
      - { at: 0s, source: sg, record: { service: orders, status: 503 } }
      - { at: 30s, source: gz, records: [{ service: orders, status: 500 }, { service: orders, status: 200 }], times: 2 }
      - { at: 14m, source: gz, record: all is well }
      - { at: 14m, source: sg, record: all is well }
    alerts:
      - { at: 30s, kind: first, monitor: Errors, group: { service: orders }, count: 2, source: gz, to: [oncall] }
      - { at: 10m30s, kind: more, count: 1 }
      - { at: 11m, kind: recovered, group: { service: orders }, count: 3 }
    until: 28m
  - name: two records that lie too far apart are no alert
    in:
      - { source: gz, record: { service: orders, status: 503 }, age: 5m }
      - { at: 1s, source: gz, record: { service: orders, status: 503 } }
    alerts: []
    until: 10m
`;

describe("tencent-logs monitor test", () => {
  it("passes cases beside the definition, in it, and by flag, in a time that the case moves", async () => {
    const cases = PASSING.replace("at: 10m30s, kind: more", "at: 11m, kind: more");
    const passed =
      "ok an outage is told, counted, and over\nok two records that lie too far apart are no alert\n2 passed, 0 failed\n";
    expect(await test({ "m.yaml": DEFINITION, "m.test.yaml": cases })).toEqual({
      stdout: passed,
      stderr: "",
      status: 0,
    });
    expect(
      await test({ "m.yaml": DEFINITION, "other.yaml": cases }, "--cases", join(folder, "other.yaml")),
    ).toMatchObject({ status: 0 });
    rmSync(join(folder, "m.test.yaml"));
    expect(await test({ "m.yaml": DEFINITION + cases })).toEqual({ stdout: passed, stderr: "", status: 0 });
  });

  it("tells a threshold that several batches cross seconds later, as functions and processes do", async () => {
    const cases = `cases:
  - name: two records of two sources
    in:
      - { at: 0s, source: gz, record: { service: orders, status: 503 } }
      - { at: 2s, source: gz, record: { service: orders, status: 503 } }
    alerts:
      - { at: 6s, kind: first, monitor: Errors, group: { service: orders }, count: 2 }
    until: 1m
`;
    const { stdout, status } = await test({ "m.yaml": DEFINITION, "m.test.yaml": cases });
    expect({ stdout, status }).toEqual({ stdout: "ok two records of two sources\n1 passed, 0 failed\n", status: 0 });
  });

  it("shows what came beside what was expected, and exits with 1", async () => {
    const { stdout, status } = await test({
      "m.yaml": DEFINITION,
      "m.test.yaml": `cases:
  - name: wrong
    in: [{ source: gz, record: { service: orders, status: 503 }, times: 3 }]
    alerts:
      - { at: 0s, kind: first, count: 3 }
      - { kind: more, group: { service: orders }, count: 9, to: [sea] }
      - { at: 10m, kind: recovered, monitor: Errors }
`,
    });
    expect(stdout).toBe(
      [
        "not ok wrong",
        "      0s      first Errors service=orders, 3 records (warning) -> oncall",
        "    -         more service=orders, 9 records -> sea",
        "      10m     recovered Errors service=orders, 3 records (warning) -> oncall",
        "    + 15m     missing Silence gz (critical) -> oncall",
        "    + 16m     missing Silence sg (critical) -> oncall",
        "0 passed, 1 failed",
        "",
      ].join("\n"),
    );
    expect(status).toBe(1);
  });

  it("tells everything that is wrong with the cases, with line, column and a caret, and exits with 2", async () => {
    const { stderr, status } = await test({
      "m.yaml": DEFINITION,
      "m.test.yaml": `cases:
  - in:
      - { at: soon, source: gs, record: 5, tiems: 2 }
    start: yesterday
    alerts: [{ kind: frist, monitor: Error }]
  - { in: [] }
`,
    });
    expect(status).toBe(2);
    expect(stderr.split("\n").filter((line) => line.startsWith("m.test.yaml"))).toEqual([
      'm.test.yaml:3:15 error: must be a duration, such as 90s, 10m or 1h30m, got "soon"',
      'm.test.yaml:3:29 error: source must be one of gz, sg, got "gs"; did you mean gz?',
      "m.test.yaml:3:41 error: must be fields, or the text of a line, got 5",
      "m.test.yaml:3:44 error: must have at, source, record, records, times, age only, got tiems; did you mean times?",
      'm.test.yaml:4:12 error: must be a time with its zone, such as 2026-01-05T10:00:00Z, got "yesterday"',
      'm.test.yaml:5:22 error: kind must be one of first, more, recovered, missing, returned, got "frist"; did you mean first?',
      'm.test.yaml:5:38 error: monitor must be one of Errors, Silence, got "Error"; did you mean Errors?',
      "m.test.yaml:6:5 error: must list the expected alerts, got none; write [] for no alerts",
    ]);
    expect(await test({ "m.yaml": DEFINITION, "m.test.yaml": "cases: 3" })).toMatchObject({
      stderr: expect.stringContaining("cases must be a list of cases, got 3") as string,
      status: 2,
    });
  });

  it("refuses expectations that would expect less than was written, and what brings no record", async () => {
    const { stderr, status } = await test({
      "m.yaml": DEFINITION,
      "m.test.yaml": `cases:
  - in:
      - { at: 0s, source: gz }
    alerts: [{ kind: first, group: orders, count: 1.5, others: no }]
  - in: []
    alerts:
`,
    });
    expect(status).toBe(2);
    expect(stderr.split("\n").filter((line) => line.startsWith("m.test.yaml"))).toEqual([
      "m.test.yaml:3:9 error: must have record or records, got neither",
      'm.test.yaml:4:36 error: group must be names and values, got "orders"',
      "m.test.yaml:4:51 error: count must be a whole number, got 1.5",
      'm.test.yaml:4:64 error: others must be true or false, got "no"',
      "m.test.yaml:5:5 error: must list the expected alerts, got none; write [] for no alerts",
    ]);
  });

  it("says where cases are looked for", async () => {
    expect(await test({ "m.yaml": DEFINITION })).toEqual({
      stdout: "",
      stderr:
        "cases must be in m.yaml or next to it, got nothing at m.test.yaml; write them or pass --cases; see --help\n",
      status: 2,
    });
  });
});
