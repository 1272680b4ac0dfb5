import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";

const SAMPLE = join(__dirname, "../monitor/errors.yaml");

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "monitor-check-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(text: string, ...flags: string[]) {
  const path = join(folder, "m.yaml");
  writeFileSync(path, text);
  const written = { stdout: "", stderr: "" };
  const status = await run(["monitor", "check", path, ...flags], {
    stdout: { write: (part) => (written.stdout += part) },
    stderr: { write: (part) => (written.stderr += part) },
  });
  return { ...written, stdout: written.stdout.replaceAll(path, "m.yaml"), status };
}

/** A definition around one monitor's lines. */
const around = (...lines: string[]): string =>
  [
    "monitors:",
    "  - name: Errors",
    ...lines.map((line) => `    ${line}`),
    "    alert: { to: oncall }",
    "sources: { gz: { region: ap-guangzhou, topic: t } }",
    "receivers: { oncall: { url: { env: URL } } }",
    "state: memory",
    "",
  ].join("\n");

describe("tencent-logs monitor check", () => {
  it("counts what a right definition has, and exits with 0", async () => {
    expect(await check(readFileSync(SAMPLE, "utf8"))).toEqual({
      stdout: "2 monitors, 2 sources, 4 receivers, 0 errors\n",
      stderr: "",
      status: 0,
    });
  });

  it("tells everything that is wrong in the order of the file, each with its line and a caret", async () => {
    const { stdout, status } = await check(
      around(
        "match: { any: [{ status: \"^5\\\\d(?=x)\" }, { m: 'it''s (' }] }",
        "windw: 10m",
        "rules: |",
        "  e_keep(true)",
        '  e_sett("a", 1)',
      ),
    );
    expect(stdout).toBe(
      [
        'm.yaml:3:36 error: monitors[0].match.any[0].status must be a regular expression that runs in linear time, got "^5\\\\d(?=x)"; the pattern has a look-ahead or look-behind, which no engine matches in linear time',
        "      match: { any: [{ status: \"^5\\\\d(?=x)\" }, { m: 'it''s (' }] }",
        "                                     ^",
        'm.yaml:3:58 error: monitors[0].match.any[1].m must be a regular expression that runs in linear time, got "it\'s ("; correct it: Unterminated group',
        "      match: { any: [{ status: \"^5\\\\d(?=x)\" }, { m: 'it''s (' }] }",
        "                                                           ^",
        "m.yaml:4:5 error: monitors[0].windw must be a key that is known here, got another; did you mean window?",
        "      windw: 10m",
        "      ^^^^^",
        "m.yaml:5:12 error: monitors[0].rules must be left out beside match, got both; say all in one of them",
        "      rules: |",
        "             ^",
        'm.yaml:7:7 error: monitors[0].rules must be a rule text without errors, got "e_sett"; e_sett is no function of the rule language; did you mean e_set?',
        '        e_sett("a", 1)',
        "        ^^^^^^",
        "5 errors",
        "",
      ].join("\n"),
    );
    expect(status).toBe(1);
  });

  it("writes what programs read", async () => {
    const { stdout, status } = await check(around("match: { status: 5 }", "window: 10"), "--json");
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        file: "m.yaml",
        line: 4,
        column: 13,
        path: "monitors[0].window",
        message: "monitors[0].window must be a length of time from 1s to 30d, got 10; write it like 90s, 10m or 1h30m",
      },
    ]);
    expect(status).toBe(1);
  });

  it("tells of what is no YAML", async () => {
    const { stdout, status } = await check("monitors: [\n");
    expect(stdout).toMatch(/^m\.yaml:\d+:\d+ error: .+\n[^]*1 error\n$/);
    expect(status).toBe(1);
  });

  it("points at the object where something is missing in it", async () => {
    const { stdout } = await check("monitors: []\nstate: memory\n");
    expect(stdout).toContain("m.yaml:1:1 error: sources must be given, got nothing; add it\n  monitors: []\n  ^\n");
  });

  it.each([
    [["monitor", "check"], "FILE must be a definition of monitors, got nothing; see --help\n"],
    [["monitor", "check", "/no/such"], "FILE must be a file, got /no/such: ENOENT\n"],
    [["monitor", "chek", "x"], expect.stringContaining("monitor check")],
  ])("exits with 2 where the command line is wrong: %j", async (args, stderr) => {
    let told = "";
    const status = await run(args, { stdout: { write: () => true }, stderr: { write: (text) => (told += text) } });
    expect([status, told]).toEqual([2, stderr]);
  });

  it("warns of a mute that is over, and exits with 0", async () => {
    const text = around("match: { status: '5' }", 'mute: [{ until: "2026-01-31T08:00:00+08:00" }]');
    const told =
      "monitors[0].mute[0].until lies in the past, and mutes nothing, got 2026-01-31T00:00:00Z; take it away, or correct the date";
    const { status, stdout } = await check(text);
    expect(stdout).toContain(`m.yaml:4:21 warning: ${told}`);
    expect(stdout).toContain("1 monitor, 1 source, 1 receiver, 0 errors, 1 warning\n");
    expect(status).toBe(0);
    const json = await check(text, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ line: 4, column: 21, severity: "warning", message: told });
  });
});
