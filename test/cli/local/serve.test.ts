import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { run } from "../../../cli/run";
import { BUCKET, removeStack, writeStack } from "../../local/support/plan";
import { tencentLogs } from "../support/cli";

jest.setTimeout(60_000);

const COMMAND = join(__dirname, "../../../dist/cli/main.js");

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => (folder = writeStack()));
afterEach(() => {
  child?.kill("SIGKILL");
  removeStack(folder);
});

function serve(...args: string[]): ReturnType<typeof createInterface> {
  const spawned = spawn(process.execPath, [COMMAND, "local", "--serve", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = spawned;
  return createInterface({ input: spawned.stdout });
}

describe("tencent-logs local --serve", () => {
  it("runs a stack, points commands at it by its variables, and ends with 0", async () => {
    const [line] = (await once(serve(folder, "--json"), "line")) as [string];
    const { appId, endpoint, environment } = JSON.parse(line) as Record<string, never>;
    expect([appId, endpoint]).toEqual(["1250000000", environment["COS_ENDPOINT"]]);
    const args = ["quarantine", "list", "--bucket", BUCKET, "--region", "ap-guangzhou", "--prefix", "quarantine/"];
    expect(await tencentLogs(args, environment)).toEqual({ stdout: "no notes\n", stderr: "", status: 0 });
    // The doctor asks CAM and STS too.
    const { stdout } = await tencentLogs(["doctor", "--out", folder, "--json"], environment);
    const findings = stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text) as { check: string; verdict: string });
    expect(findings).toContainEqual(expect.objectContaining({ check: "keys", verdict: "ok" }));
    expect(findings).toContainEqual(expect.objectContaining({ check: "account-role", verdict: "ok" }));
    child?.kill("SIGINT");
    expect(await once(child as ChildProcess, "close")).toEqual([0, null]);
  });

  it("prints a text that a shell takes: all but variables is a comment", async () => {
    const lines: string[] = [];
    const output = serve("--region", "ap-singapore").on("line", (line) => lines.push(line));
    while (!lines.some((line) => line.startsWith("# coscli"))) await once(output, "line");
    const others = lines.filter((line) => !/^(#.*|export [A-Za-z_]+=\S+)?$/.test(line));
    expect(others).toEqual([]);
    expect(lines).toContain("export TENCENTCLOUD_REGION=ap-singapore");
  });
});

describe("tencent-logs local STACK FILE", () => {
  it("runs a stack that is synthesized over a log, for people and for programs", async () => {
    const logs = mkdtempSync(join(tmpdir(), "local-log-"));
    const file = join(logs, "access.jsonl");
    writeFileSync(file, '{"a":1}\n{"a":2}\n');
    const ran = async (...args: string[]) => {
      const written = { stdout: "", stderr: "" };
      const status = await run(["local", ...args], {
        stdout: { write: (text) => (written.stdout += text) },
        stderr: { write: (text) => (written.stderr += text) },
      });
      return { ...written, status };
    };
    const { stdout, status } = await ran(folder, file, "--json");
    const objects = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects).toMatchObject([{ type: "invocation", function: "batch", attempt: 1 }, { type: "total" }]);
    expect(status).toBe(0);
    expect((await ran(folder, file, "--topic", "access")).stdout).toMatch(/^object +bytes/);
    expect(await ran(folder, file, "--topic", "acces")).toMatchObject({
      stderr: expect.stringContaining(
        "topic acces must have a tencentcloud_cls_cos_shipper to feed a log to, got none",
      ),
      status: 1,
    });
    expect(await ran("gone", file, "--out", folder)).toMatchObject({
      stderr: expect.stringContaining("must hold one stack, got none"),
      status: 1,
    });
    // A wrong command line, as docs/command.md tells.
    expect(await ran(folder, join(logs, "gone.jsonl"))).toEqual({
      stdout: "",
      stderr: expect.stringMatching(/^FILE must be readable, got ".*gone\.jsonl"/),
      status: 2,
    });
    mkdirSync(join(logs, "stacks/my-logs"), { recursive: true });
    cpSync(join(folder, "cdk.tf.json"), join(logs, "stacks/my-logs/cdk.tf.json"));
    expect(await ran("my-log", file, "--out", logs)).toEqual({
      stdout: "",
      stderr: 'STACK must be one of my-logs, got "my-log"; did you mean my-logs?\n',
      status: 2,
    });
    rmSync(logs, { recursive: true });
  });
});
