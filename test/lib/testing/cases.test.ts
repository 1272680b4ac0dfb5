import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorCases, ruleCases, type CaseRow } from "../../../lib/testing";
import { violationsOf } from "../support/stack";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cases-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** What each row says: its name, and the lines of the error that its check ends with. */
async function outcomes(rows: readonly CaseRow[]): Promise<Record<string, string[]>> {
  const told = rows.map(async ([name, check]) => {
    const said = await check().then(
      () => [],
      (error: unknown) => (error as Error).message.split("\n"),
    );
    return [name, said] as const;
  });
  return Object.fromEntries(await Promise.all(told));
}

const RULES = 'e_if(e_search("status >= 500"), e_output("errors"))\n';
const CASES = `cases:
  - name: failures are errors
    event: { status: "503" }
    outputs: { errors: [{ status: "503" }] }
  - name: nothing is changed
    event: { status: "200" }
    expect: [{ status: "201" }]
`;

describe("ruleCases", () => {
  it("gives a row for each case beside the rule text; a check that fails tells which field differs", async () => {
    written("access.test.yaml", CASES);
    expect(await outcomes(ruleCases(written("access.sls", RULES)))).toEqual({
      "failures are errors": [],
      "nothing is changed": expect.arrayContaining([expect.stringMatching(/- +status: "201"/)]) as string[],
    });
  });

  it("takes the cases of another file, each with rules of its own where a file stands alone", async () => {
    const rules = written("access.sls", RULES);
    expect(ruleCases(rules, written("more.yaml", CASES))).toHaveLength(2);
    const alone = written("alone.yaml", "cases:\n  - { name: one, rules: 'e_set(\"a\", \"1\")', event: {}, expect: [{ a: \"1\" }] }\n"); // prettier-ignore
    expect(await outcomes(ruleCases(alone))).toEqual({ one: [] });
  });

  it("runs with the environment and the outputs that are given", async () => {
    const rules = written("access.sls", 'e_set("stage", res_local("STAGE"))\ne_output("errors")\n');
    written("access.test.yaml", "cases:\n  - { event: {}, outputs: { errors: [{ stage: prod }] } }\n");
    expect(await outcomes(ruleCases(rules, { environment: { STAGE: "prod" }, outputs: ["errors"] }))).toEqual({
      "{}": [],
    });
    const [[, check]] = ruleCases(rules, { outputs: ["others"] });
    await expect(check()).rejects.toMatchObject({ code: "LOGS_RULES", message: expect.stringContaining('no output "errors"') as string }); // prettier-ignore
  });

  it("refuses files that are not there, and tells all that is wrong with cases, with line and column", () => {
    expect(violationsOf(() => ruleCases(join(folder, "absent.sls")))).toEqual([
      ["LOGS_TEST_CASES", expect.stringContaining("absent.test.yaml")],
    ]);
    const rules = written("access.sls", RULES);
    expect(violationsOf(() => ruleCases(rules, written("w.yaml", "cases:\n  - { evnt: {} }\n")))).toEqual([
      ["LOGS_TEST_CASES", expect.stringMatching(/w\.yaml:2:\d+ case 1 must have .*evnt; did you mean event/)],
    ]);
  });
});

const MONITORS = `monitors:
  - { name: Errors, match: { status: "^5" }, alert: { to: oncall } }
sources: { gz: { region: ap-guangzhou, topic: topic-1 } }
receivers: { oncall: { format: wecom, url: { env: ONCALL_URL } } }
state: { bucket: logs-1250000000, region: ap-guangzhou, prefix: monitor/ }
`;

describe("monitorCases", () => {
  it("gives a row for each case of the definition itself, or of the file beside it", async () => {
    const cases = `cases:
  - { name: told, in: [{ record: { status: 503 } }], alerts: [{ kind: first }, { kind: recovered }] }
  - { name: not told, in: [{ record: { status: 503 } }], alerts: [] }
`;
    const expected = {
      told: [],
      "not told": expect.arrayContaining([expect.stringMatching(/\+.*first/)]) as string[],
    };
    expect(await outcomes(monitorCases(written("own.yaml", MONITORS + cases)))).toEqual(expected);
    written("monitors.test.yaml", cases);
    expect(await outcomes(monitorCases(written("monitors.yaml", MONITORS)))).toEqual(expected);
  });

  it("refuses a definition and cases that are wrong, with a caret", () => {
    const definition = written("m.yaml", MONITORS.replace("Errors", "1"));
    expect(violationsOf(() => monitorCases(definition, definition))).toEqual([
      ["LOGS_TEST_CASES", expect.stringContaining("m.yaml:2:")],
    ]);
    const cases = written("c.yaml", "cases:\n  - { in: [], alerts: [{ kind: frist }] }\n");
    expect(violationsOf(() => monitorCases(written("n.yaml", MONITORS), cases))).toEqual([
      ["LOGS_TEST_CASES", expect.stringMatching(/did you mean first/)],
    ]);
  });
});
