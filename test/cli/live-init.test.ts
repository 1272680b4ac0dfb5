import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tencentLogs } from "./support/cli";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "live-init-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const SOURCE = join(__dirname, "../../functions/live/python/logs.py");

it("writes logs.py, and again where it is the same", async () => {
  for (let time = 0; time < 2; time++) {
    const { status, stderr } = await tencentLogs(["live", "init", "--lang", "python", "--directory", folder]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(join(folder, "logs.py"), "utf8")).toBe(readFileSync(SOURCE, "utf8"));
  }
});

it("writes over another file only where it is told to", async () => {
  writeFileSync(join(folder, "logs.py"), "mine");
  const args = ["live", "init", "--lang", "python", "--directory", folder];
  const refused = await tencentLogs(args);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(
    /logs.py must not exist with other content, got a file that differs; --force overwrites it/,
  );
  expect(readFileSync(join(folder, "logs.py"), "utf8")).toBe("mine");
  expect((await tencentLogs([...args, "--force"])).status).toBe(0);
});

it.each([
  [[], /--lang must be python, got nothing; see --help/],
  [["--lang", "node"], /--lang must be python, got "node"; a function of Node imports "cdktf-tencent-logs\/live"/],
  [
    ["--lang", "python", "--directory", "no/such"],
    /--directory must be a folder that exists, got "no\/such"; create it first/,
  ],
  [["--language", "python"], /Unknown option '--language'; see --help/],
])("refuses %j", async (args, message) => {
  const { status, stderr } = await tencentLogs(["live", "init", ...args]);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});
