import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { planSerializer } from "../../lib/testing";

expect.addSnapshotSerializer(planSerializer);

const EXAMPLE = join(__dirname, "../../dist/examples/access-log-batch/main.js");

interface Plan {
  "//": unknown;
  terraform: { backend: { local: { path: string } } };
}

let root: string;
let runs: { plan: string; zip: Buffer }[];

/** Synthesizes the example in a folder of its own, as `npx cdktf synth` would. */
async function synthesize(folder: string): Promise<{ plan: string; zip: Buffer }> {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, "cdktf.out");
  await promisify(execFile)(process.execPath, [EXAMPLE], {
    cwd: folder,
    // Synth needs nothing but Node: no terraform is to be found.
    env: { ...process.env, PATH: folder, CDKTF_OUTDIR: output },
  });
  const stack = join(output, "stacks/logs");
  const files = readdirSync(stack, { recursive: true, encoding: "utf8" });
  const zips = files.filter((file) => file.endsWith(".zip"));
  expect(zips).toHaveLength(1);
  return { plan: readFileSync(join(stack, "cdk.tf.json"), "utf8"), zip: readFileSync(join(stack, zips[0])) };
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "access-log-batch-"));
  runs = await Promise.all([synthesize(join(root, "one")), synthesize(join(root, "another name"))]);
}, 60_000);

afterAll(() => rmSync(root, { recursive: true }));

describe("the example access-log-batch", () => {
  it("has this plan", () => {
    expect(runs[0].plan).toMatchSnapshot();
  });

  it("has the same plan in a folder of another name, byte by byte but for metadata and the state's path", () => {
    const [one, other] = runs.map(({ plan }) => {
      const parsed = JSON.parse(plan) as Plan;
      const { path } = parsed.terraform.backend.local;
      return plan
        .replace(JSON.stringify(path), '"state"')
        .replace(JSON.stringify(parsed["//"], null, 2).replace(/\n/g, "\n  "), "metadata");
    });
    expect(other).toBe(one);
  });

  it("has the same zip, byte by byte", () => {
    expect(runs[1].zip.equals(runs[0].zip)).toBe(true);
  });
});
