import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Summary } from "../../../../functions/invocation/summary";
import { CREDENTIALS, environmentOf } from "../../support/cos-server";
import { withCosServer } from "../../support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../../support/events";
import { findNode18 } from "../../support/node18";

/** As `npm run build`, which `npm test` calls first, leaves it. */
const BUNDLE = join(__dirname, "../../../../dist/handlers/cos-batch/index.js");
const BUCKET = "logs-1250000000";
const SETTINGS = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count" },
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
};
const server = withCosServer();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cos-batch-"));
  copyFileSync(BUNDLE, join(folder, "index.js"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Calls the handler as SCF does, and ends when nothing keeps the process awake. */
async function invoke(node: string, event: object, settings: object | null = SETTINGS) {
  writeFileSync(
    join(folder, "scf.js"),
    `const context = { callbackWaitsForEmptyEventLoop: true, time_limit_in_ms: 30000, request_id: "id" };
     require("./index.js").main_handler(JSON.parse(process.argv[2]), context).then(
       (summary) => process.send({ summary, waits: context.callbackWaitsForEmptyEventLoop }),
       (error) => process.send({ error: error.message }),
     ).then(() => process.disconnect());`,
  );
  const child = spawn(node, ["scf.js", JSON.stringify(event)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...environmentOf(server()), ...(settings && { LOGS_SETTINGS: JSON.stringify(settings) }) },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr?.on("data", (text: Buffer) => (output.stderr += text.toString()));
  let answer: { summary?: Summary; waits?: boolean; error?: string } = {};
  child.on("message", (message) => (answer = message as typeof answer));
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  return { ...answer, ...output, exitCode };
}

const node18 = findNode18();
const nodes: [string, string | undefined][] = [
  [`Node ${process.versions.node}`, process.execPath],
  "path" in node18 ? ["Node 18", node18.path] : [`Node 18 (skipped: ${node18.missing})`, undefined],
];

describe("the bundled handler", () => {
  it("is small enough: at most 100 KB zipped", () => {
    expect(gzipSync(readFileSync(BUNDLE)).length).toBeLessThan(100 * 1024);
  });

  for (const [name, node] of nodes) {
    // A machine without it cannot run it; test:nodes, which fetches it, runs the handlers under Node 18 and 22.
    (node === undefined ? it.skip : it)(
      `runs alone in an empty folder under ${name}, and leaves nothing running`,
      async () => {
        server().objects.set(`${BUCKET}/a.gz`, gzipSync('{"a":1}\nbroken\n'));
        server().objects.set(`${BUCKET}/b.gz`, gzipSync("{}\n").subarray(0, 15));
        server().fault = ({ method }, earlier) =>
          method === "GET" && earlier === 0 ? { type: "reset", afterBytes: 9, how: "fin" } : undefined;
        const event = cosEvent(cosRecord(BUCKET, "a.gz"), cosRecord(BUCKET, "b.gz"));

        const startedAt = Date.now();
        const { summary, waits, stdout, stderr, exitCode } = await invoke(node as string, event);
        expect(summary).toMatchObject({ objects: 1, records: 2, invalid: 1, retries: 2, quarantined: 1 });
        expect({ waits, exitCode }).toEqual({ waits: false, exitCode: 0 });
        expect(stdout).toBe(`${JSON.stringify(summary)}\n`);
        expect(stderr).toContain("GZIP_TRUNCATED");
        expect(Date.now() - startedAt).toBeLessThan(5000);
        for (const secret of [...Object.values(CREDENTIALS), UPLOADER_SIGNATURE])
          expect(stdout + stderr).not.toContain(secret);
      },
    );
  }

  it("reports settings that are wrong or missing, by name, at each event", async () => {
    expect((await invoke(process.execPath, {}, null)).error).toContain("LOGS_SETTINGS must be set, got nothing");
    const wrong = { ...SETTINGS, region: "" };
    expect((await invoke(process.execPath, {}, wrong)).error).toBe('region must be a non-empty string, got ""');
  });
});
