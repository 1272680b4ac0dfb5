import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { planSerializer } from "../../lib/testing";
import { synthesize, withoutPaths, type Synthesized } from "./support/synthesize";

expect.addSnapshotSerializer(planSerializer);

describe.each([
  ["access-log-batch", ["index.js"]],
  ["cls-stream-to-cos", ["index.js"]],
  ["own-processor", ["index.js", "processor.js"]],
  ["rules-migration", ["index.js", "rules.js", "rules.sls"]],
])("the example %s", (name, files) => {
  let root: string;
  let runs: Synthesized[];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), `${name}-`));
    runs = await Promise.all([synthesize(name, join(root, "one")), synthesize(name, join(root, "another name"))]);
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it("has this plan", () => {
    expect(runs[0].plan).toMatchSnapshot();
  });

  it("has the same plan in a folder of another name, byte by byte but for metadata and the state's path", () => {
    expect(withoutPaths(runs[1].plan)).toBe(withoutPaths(runs[0].plan));
  });

  it("has the same zip, byte by byte, with our handler in it", () => {
    expect(runs[1].zip.equals(runs[0].zip)).toBe(true);
    const unzipped = unzipSync(runs[0].zip);
    expect(Object.keys(unzipped)).toEqual(files);
    const handler = ["cls-stream-to-cos", "rules-migration"].includes(name) ? "cls-stream" : "cos-batch";
    const built = readFileSync(join(__dirname, `../../dist/handlers/${handler}/index.js`));
    expect(built.equals(unzipped["index.js"])).toBe(true);
  });
});
