import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../cli/run";
import { blocksOf } from "./markdown";

const OPERATIONS = "docs/monitor-operations.md";

/** The page's first block of a language that looks so. */
function block(page: string, language: string, mark = /^/): string {
  const found = blocksOf(page).find((one) => one.language === language && mark.test(one.code));
  if (!found) throw new Error(`${page} must have a block of ${language} with ${mark.source}, got none`);
  return found.code;
}

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

// Where there is no systemd, nobody can tell whether a unit is right.
(hasSystemd ? it : it.skip)("the unit is one that systemd takes, with this Node for the one of the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "unit-"));
  try {
    const unit = join(folder, "log-monitor.service");
    writeFileSync(unit, block(OPERATIONS, "ini").replace("/usr/bin/node", process.execPath));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
    expect({ status, said: stderr.split("\n").filter((line) => line.includes("log-monitor.service")) }).toEqual({ status: 0, said: [] }); // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("the deployment is YAML whose probes ask what is served, and whose replicas have a limit", () => {
  interface Manifest {
    kind: string;
    spec: { maxReplicaCount?: number; template?: { spec: { terminationGracePeriodSeconds: number; containers: Record<string, { httpGet: { path: string } }>[] } } }; // prettier-ignore
  }
  const documents = parseAllDocuments(block(OPERATIONS, "yaml", /^kind: Deployment$/m));
  const [deployment, scaled] = documents.map((document) => document.toJS() as Manifest);
  const pod = deployment?.spec.template?.spec;
  expect(pod?.containers[0]?.livenessProbe?.httpGet.path).toBe("/live");
  expect(pod?.containers[0]?.readinessProbe?.httpGet.path).toBe("/ready");
  // Leaving takes 10 s at most.
  expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(10);
  expect(scaled?.spec.maxReplicaCount).toBeGreaterThan(0);
});

it("the definition that takes the place of a consumer-group program has ten lines, and nothing is wrong with it", async () => {
  const yaml = block("docs/monitor.md", "yaml", /^monitors:$/m);
  expect(yaml.trimEnd().split("\n")).toHaveLength(10);
  const folder = mkdtempSync(join(tmpdir(), "definition-"));
  try {
    let number = 0;
    const file = join(folder, "monitors.yaml");
    writeFileSync(
      file,
      yaml.replace(/<[a-z]+ id>/g, () => `id-${number++}`),
    );
    let said = "";
    const console = { write: (text: string): unknown => (said += text) };
    const status = await run(["monitor", "check", file], { stdout: console, stderr: console });
    expect([status, said]).toEqual([0, "1 monitor, 2 sources, 1 receiver, 0 errors\n"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
