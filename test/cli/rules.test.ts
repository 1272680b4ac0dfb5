import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "rules-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function ran(args: readonly string[], stdin = "") {
  const written = { stdout: "", stderr: "" };
  async function* input() {
    yield Buffer.from(stdin);
  }
  const status = await run(args, {
    stdin: input(),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { ...written, status };
}

const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe("tencent-logs rules check", () => {
  it("tells all that is wrong with its place, and exits with 1", async () => {
    const path = file("a.sls", 'e_set("a", 1)\r\ne_sett("b", 2)\r\ne_output("c")\r\n');
    expect(await ran(["rules", "check", path, "--output", "main"])).toEqual({
      stdout: [
        `${path}:2:1 error RULES_UNKNOWN_NAME: e_sett is no function of the rule language; did you mean e_set?`,
        '  e_sett("b", 2)',
        "  ^^^^^^",
        `${path}:3:10 error RULES_OUTPUT: the pipeline has no output "c", it has main; add it to the pipeline's outputs`,
        '  e_output("c")',
        "           ^^^",
        "3 statements, 2 errors, 0 warnings, outputs: c",
        "",
      ].join("\n"),
      stderr: "",
      status: 1,
    });
  });

  it("lists the patterns that need backtracking, and takes them where it is asked for", async () => {
    const path = file("a.sls", String.raw`e_keep(e_match("a", r"(?<=x)y"))`);
    const { stdout, status } = await ran(["rules", "check", path]);
    expect([stdout, status]).toEqual([
      expect.stringMatching(/:1:23 error RULES_REGEX: .*set regexEngine to "backtracking"/),
      1,
    ]);
    expect(await ran(["rules", "check", path, "--regex-engine", "backtracking"])).toMatchObject({ status: 0 });
  });
});

describe("tencent-logs rules run", () => {
  const RULES = 'e_coutput("copy")\ne_if(e_search("n > 1"), e_output("big"))\ne_set("n", op_add(ct_int(v("n")), 1))';
  const EVENTS = '\ufeff{"n":"1"}\r\n\n[1]\nnot json\n{"n":5,"big":12345678901234567890}\n{"n":"one"}';

  it("writes each event that leaves, and tells what is none by its line", async () => {
    const path = file("a.sls", RULES);
    const { stdout, stderr, status } = await ran(["rules", "run", path], EVENTS);
    const big = { n: 5, big: "12345678901234567890" };
    expect(lines(stdout)).toEqual([{ n: "1" }, { n: "2" }, big, big]);
    expect(stderr.split("\n")).toEqual([
      "line 3: not a JSON object",
      "line 4: not a JSON object",
      expect.stringMatching(/^line 6: rules failed at line 3: ct_int .*"one"/),
      "",
    ]);
    expect(status).toBe(0);
  });

  it("names the outputs where it is asked to, and is strict likewise", async () => {
    const path = file("a.sls", RULES);
    const { stdout, status } = await ran(["rules", "run", path, "--outputs", "--strict"], EVENTS);
    expect(lines(stdout).slice(0, 2)).toEqual([
      { output: "copy", event: { n: "1" } },
      { output: null, event: { n: "2" } },
    ]);
    expect(status).toBe(1);
  });

  it("reads res_local from --env", async () => {
    const path = file("a.sls", 'e_set("s", res_local("STAGE", "none"))');
    expect((await ran(["rules", "run", path, "--env", "STAGE=a=b"], "{}")).stdout).toBe('{"s":"a=b"}\n');
  });

  it("leaves out what the pipeline drops: outputs that there are none of, and dropped", async () => {
    const path = file("a.sls", 'e_output(v("to"))');
    const { stdout } = await ran(
      ["rules", "run", path, "--output", "main"],
      '{"to":"main"}\n{"to":"x"}\n{"to":"dropped"}',
    );
    expect(lines(stdout)).toEqual([{ to: "main" }]);
    expect(await ran(["rules", "check", file("b.sls", 'e_output("dropped")'), "--output", "main"])).toMatchObject({
      status: 0,
    });
  });

  it("takes events as CLS ships them, where it is asked to", async () => {
    const path = file("a.sls", 'e_set("t", v("__time__"), "__tag__:k", "v")');
    const event = '{"__TIMESTAMP__":1600000000123}';
    expect(lines((await ran(["rules", "run", path, "--cls"], event)).stdout)).toEqual([
      { __TIMESTAMP__: 1600000000123, t: "1600000000", __TAG__: { k: "v" } },
    ]);
    expect(lines((await ran(["rules", "run", path], event)).stdout)).toEqual([
      { __TIMESTAMP__: 1600000000123, "__tag__:k": "v" },
    ]);
  });

  const REFUSED: [string[], string][] = [
    [["rules", "run"], "FILE must be a rule text, got nothing"],
    [["rules", "run", "/nowhere.sls"], "FILE must be a file, got /nowhere.sls: ENOENT"],
    [["rules", "run", "a", "b"], "FILE must be one rule text, got b besides"],
    [["rules", "run", "a", "--regex-engine", "fast"], '--regex-engine must be linear or backtracking, got "fast"'],
    [["rules", "run", "a", "--env", "x"], "--env must be NAME=VALUE, got x"],
  ];
  it.each(REFUSED.map(([args, message]) => [message, args] as const))(
    "refuses a command line: %s",
    async (message, args) => {
      const result = await ran(args);
      expect(result.stderr).toContain(message);
      expect(result.status).toBe(2);
    },
  );

  it("tells what is wrong with the rules in full", async () => {
    const path = file("a.sls", 'e_sett("a", 1)');
    expect(await ran(["rules", "run", path])).toMatchObject({
      stderr: expect.stringMatching(/a\.sls:1:1 error RULES_UNKNOWN_NAME[^]*\^\^\^\^\^\^\n1 error\n$/),
      status: 1,
    });
  });
});

describe("tencent-logs rules explain", () => {
  it("shows the event after each statement", async () => {
    const path = file("a.sls", 'e_set("a", "2", "b", "3")\ne_drop_fields("c")\ne_coutput("x")\ne_keep(e_has("z"))\n');
    expect((await ran(["rules", "explain", path, "--event", '{"a":"1","c":"1"}'])).stdout).toBe(
      [
        'event {"a":"1","c":"1"}',
        "",
        'line 1: e_set("a", "2", "b", "3")',
        '  ~ a: "2"',
        '  + b: "3"',
        "",
        'line 2: e_drop_fields("c")',
        '  - c: "1"',
        "",
        'line 3: e_coutput("x")',
        '  > to x: {"a":"2","b":"3"}',
        "  no change",
        "",
        'line 4: e_keep(e_has("z"))',
        "  dropped",
        "",
        "nothing is left for the default output",
        "",
      ].join("\n"),
    );
  });

  it("shows where a step fails", async () => {
    const path = file("a.sls", 'e_set("n", ct_int(v("a")))');
    const { stdout, status } = await ran(["rules", "explain", path, "--event", '{"a":"x"}']);
    expect(stdout).toContain("  fails: line 1: ct_int");
    expect(status).toBe(1);
  });
});

describe("tencent-logs rules test", () => {
  const RULES =
    'e_if(e_search("status >= 500"), e_set("level", "error"))\ne_coutput("all")\ne_set("n", ct_int(v("n", default="0")))';

  it("passes cases that come out as they say", async () => {
    const path = file("a.sls", RULES);
    file(
      "a.test.yaml",
      [
        "cases:",
        "  - name: errors are marked",
        "    events: [{ status: 502 }, { status: 200, n: 7 }]",
        "    expect:",
        "      - { status: 502, level: error, n: 0 }",
        "      - { status: 200, n: 7 }",
        "    outputs:",
        "      all: [{ status: 502, level: error }, { status: 200, n: 7 }]",
        "  - { name: no number, event: { n: x }, fails: ct_int }",
      ].join("\n"),
    );
    expect(await ran(["rules", "test", path])).toEqual({
      stdout: "ok errors are marked\nok no number\n2 passed, 0 failed\n",
      stderr: "",
      status: 0,
    });
  });

  it("shows what came out otherwise", async () => {
    const path = file("a.sls", RULES);
    const cases = file("c.yaml", "cases:\n  - { name: wrong, event: { a: 1 }, expect: [{ a: 1, n: 1 }] }\n");
    const { stdout, status } = await ran(["rules", "test", path, "--cases", cases]);
    expect(stdout.split("\n")).toEqual([
      "not ok wrong",
      "    the default output:",
      "      event 1",
      '        a: "1"',
      '      - n: "1"',
      '      + n: "0"',
      "0 passed, 1 failed",
      "",
    ]);
    expect(status).toBe(1);
  });

  const WRONG_CASES: [string, string][] = [
    ["cases: []", "1:1 cases must be a list of cases, got none"],
    ["", "1:1 cases must be a list of cases, got none"],
    [
      "cases:\n  - { event: {}, evnts: {} }",
      "2:18 case 1 must have name, event, events, expect, outputs, fails only, got evnts; did you mean events?",
    ],
    ["cases:\n  - { name: x }", "2:5 case 1 must have an event, got none"],
    ["cases:\n  - { name: x, events: [] }", "2:5 case 1 must have an event, got none"],
    ["cases:\n  - { event: {}, events: [{}] }", "2:18 case 1 must have event or events, got both"],
    ["cases:\n  - { event: {}, fails: x, expect: [] }", "2:18 case 1 must have fails or what is expected, got both"],
    ["cases:\n  - { event: 5 }", "2:7 case 1 must have objects in event, got 5"],
    [
      "cases:\n  - { event: {}, outputs: [{}] }",
      "2:18 case 1 must have lists of events by output in outputs, got [{}]",
    ],
    ["cases:\n  - { event: {}, outputs: { a: [{}, x] } }", '2:37 case 1 must have objects in outputs.a, got "x"'],
    ["cases: [x]", '1:9 case 1 must be an object of name, event, events, expect, outputs, fails, got "x"'],
    ["cases: [", "1:9 Flow sequence in block collection"],
  ];
  it.each(WRONG_CASES.map(([text, message]) => [message, text] as const))(
    "refuses a file of cases: %s",
    async (message, text) => {
      const path = file("a.sls", RULES);
      const cases = file("a.test.yaml", text);
      expect(await ran(["rules", "test", path])).toMatchObject({
        stderr: expect.stringMatching(/\n1 fault; see --help\n$/),
        status: 2,
      });
      expect((await ran(["rules", "test", path])).stderr).toContain(`${cases}:${message}`);
    },
  );

  it("runs a file of cases that stands alone, each with its own rules", async () => {
    const path = file(
      "alone.yaml",
      [
        "cases:",
        `  - { name: set, rules: 'e_set("a", "1")', event: {}, expect: { a: 1 } }`,
        `  - { name: no number, rules: 'e_set("a", ct_int(v("b")))', event: { b: x }, fails: ct_int }`,
        "  - { name: refused, rules: e_redis_map(), event: {}, fails: Redis is not reached }",
        "  - { name: wrong, rules: e_nothing(), event: {}, expect: [] }",
      ].join("\n"),
    );
    const { stdout, stderr, status } = await ran(["rules", "test", path]);
    expect(stdout).toContain("ok set\nok no number\nok refused\nnot ok wrong\n    1:1 error RULES_");
    expect(stdout).toContain("3 passed, 1 failed\n");
    expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
  });

  it.each([
    ["cases:\n  - { name: x, event: {} }", "2:5 case 1 must have a rule text in rules, got none"],
    ["cases:\n  - { rules: 5, event: {} }", "2:7 case 1 must have a rule text in rules, got 5"],
    ["case: 1\ncases:\n  - { rules: e_keep(), event: {} }", "1:1 must have cases only, got case"],
    [
      "cases:\n  - { rule: e_keep(), rules: e_keep(), event: {} }",
      "2:7 case 1 must have name, rules, event, events, expect, outputs, fails only, got rule; did you mean rules?",
    ],
  ])("refuses the file %j that stands alone", async (text, message) => {
    const path = file("alone.yaml", text);
    const { stderr, status } = await ran(["rules", "test", path]);
    expect(stderr).toBe(`${path}:${message}\n1 fault; see --help\n`);
    expect(status).toBe(2);
  });

  it("refuses --cases beside a file that stands alone", async () => {
    const path = file("alone.yaml", "cases: []");
    const { stderr, status } = await ran(["rules", "test", path, "--cases", path]);
    expect(stderr).toContain(`--cases must stand beside a rule text, got a FILE of cases, ${path}; see --help`);
    expect(status).toBe(2);
  });

  it("tells all that is wrong with the cases at once, each with its place", async () => {
    const path = file("a.sls", RULES);
    const cases = file(
      "a.test.yaml",
      [
        "cases:",
        "  - event: {}",
        "    expct: []",
        "  - name: none",
        "  - event: {}",
        "    expect:",
        "      - {}",
        "      - two",
        "    fails: x",
      ].join("\n"),
    );
    expect((await ran(["rules", "test", path])).stderr.split("\n")).toEqual([
      `${cases}:3:5 case 1 must have name, event, events, expect, outputs, fails only, got expct; did you mean expect?`,
      `${cases}:4:5 case 2 must have an event, got none`,
      `${cases}:8:9 case 3 must have objects in expect, got "two"`,
      `${cases}:9:5 case 3 must have fails or what is expected, got both`,
      "4 faults; see --help",
      "",
    ]);
    file("a.test.yaml", "a: [\nb: }\n");
    expect((await ran(["rules", "test", path])).stderr.split("\n").length).toBeGreaterThan(3);
  });

  it("says where the cases must stand", async () => {
    const path = file("a.sls", RULES);
    expect((await ran(["rules", "test", path])).stderr).toContain("a.test.yaml; write it or give --cases");
  });
});
