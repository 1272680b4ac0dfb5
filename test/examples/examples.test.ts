import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { planSerializer } from "../../lib/testing";
import { synthesize, withoutPaths, type Synthesized } from "./support/synthesize";

expect.addSnapshotSerializer(planSerializer);

/** Files of each function's zip, by the example. */
const EXAMPLES: [name: string, files: string[][]][] = [
  ["access-log-batch", [["index.js"]]],
  ["cls-stream-to-cos", [["index.js"]]],
  ["cos-access-log", [["index.js", "rules.js", "rules.sls"]]],
  [
    "live-log",
    [
      ["index.js", "logs-live.js"],
      ["index.py", "logs.py"],
    ],
  ],
  [
    "multi-region-monitor",
    [
      ["index.js", "monitor.json"],
      ["index.js", "monitor.json"],
    ],
  ],
  ["parquet-lake", [["cdktf-tencent-logs.NOTICES.txt", "index.js", "out-parquet.js"]]],
  ["own-processor", [["index.js", "processor.js", "redact.js"]]],
  ["rules-migration", [["index.js", "rules.js", "rules.sls"]]],
];

describe.each(EXAMPLES)("the example %s", (name, files) => {
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

  it("has the same zips, byte by byte, with code of ours in each", () => {
    const [one, other] = runs.map(({ zips }) => zips);
    expect(other.map((zip, index) => zip.equals(one[index]))).toEqual(files.map(() => true));
    const unzipped = one.map((zip) => unzipSync(zip));
    expect(unzipped.map((zip) => Object.keys(zip))).toEqual(files);
    for (const zip of unzipped) {
      const ours = Object.entries(OURS[name] ?? OURS_ELSEWHERE).filter(([file]) => zip[file] !== undefined);
      expect(ours).toHaveLength(1);
      for (const [file, built] of ours) {
        expect(readFileSync(join(__dirname, "../../dist", built)).equals(zip[file])).toBe(true);
      }
    }
  });
});

/** What the build made of ours, by its name in a zip. */
const OURS_ELSEWHERE = { "index.js": "handlers/cos-batch/index.js" };
const OURS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cls-stream-to-cos": { "index.js": "handlers/cls-stream/index.js" },
  "live-log": { "logs-live.js": "parts/live.js", "logs.py": "live/logs.py" },
  "multi-region-monitor": { "index.js": "handlers/monitor/index.js" },
  "rules-migration": { "index.js": "handlers/cls-stream/index.js" },
};
