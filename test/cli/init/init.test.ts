import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../cli/run";
import { textOf } from "../../docs/markdown";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "init-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function init(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const status = await run(["init", ...args], {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { ...written, status };
}

/** Debian's, which gives a command a terminal; that of other systems has other flags. */
const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** Runs the built command on a terminal, and types an answer to each question. */
async function typed(answers: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const main = join(__dirname, "../../../dist/cli/main.js");
  const env: NodeJS.ProcessEnv = { ...process.env };
  delete env.CI;
  const child = spawn("script", ["-qefc", `"${process.execPath}" "${main}" init asked`, "/dev/null"], {
    cwd: folder,
    env,
  });
  let text = "";
  let seen = 0;
  const left = [...answers];
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    // Each question ends so, and nothing that is typed does.
    const asked = text.split(/\): /).length - 1;
    if (asked <= seen) return;
    seen = asked;
    child.stdin.write(left.shift() ?? "");
  });
  const [status] = (await once(child, "close")) as [number];
  return { status, text };
}

// That what it writes installs, compiles, runs and passes its tests is shown from the tarball: test/package/walk.ts.
describe("tencent-logs init", () => {
  it("writes a project into a new folder, asks nothing without a terminal, and says what is next", async () => {
    const { stderr, stdout, status } = await init(join(folder, "My Logs"));
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/Next steps:\n\n {2}cd ".*My Logs"\n {2}npm install\n {2}npm run dev/);
    const read = (path: string): string => readFileSync(join(folder, "My Logs", path), "utf8");
    const { version } = JSON.parse(textOf("package.json")) as { version: string };
    expect(JSON.parse(read("package.json"))).toMatchObject({
      name: "my-logs",
      private: true,
      dependencies: { "cdktf-tencent-logs": `^${version}` },
    });
    expect(read("main.ts")).toContain('new LogStack(app, "my-logs", { region: "ap-guangzhou" });');
    expect(JSON.parse(read("cdktf.json"))).toMatchObject({ app: "npx tsx main.ts", sendCrashReports: "false" });
    expect(readdirSync(join(folder, "My Logs")).sort()).toEqual([
      ...[
        ".github",
        ".gitignore",
        "README.md",
        "__snapshots__",
        "cdktf.json",
        "jest.config.js",
        "log-stack.test.ts",
        "log-stack.ts",
      ],
      ...["main.ts", "package.json", "rules", "samples", "tsconfig.json"],
    ]);
  });

  it("takes what flags give, and an empty folder with a repository in it", async () => {
    mkdirSync(join(folder, ".git"));
    const flags = ["--name", "edge", "--region", "ap-singapore", "--app-id", "1312345678", "--package", "file:x.tgz"];
    expect(await init(folder, ...flags)).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, "main.ts"), "utf8")).toContain('"edge", { region: "ap-singapore" }');
    expect(readFileSync(join(folder, "log-stack.ts"), "utf8")).toContain('const APP_ID = "1312345678";');
    expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"cdktf-tencent-logs": "file:x.tgz"');
  });

  it("names a tarball in the project as npm reads it: from there", async () => {
    const tarball = join(folder, "package.tgz");
    writeFileSync(tarball, "");
    const stood = process.cwd();
    process.chdir(folder);
    try {
      await init("next", "--package", "./package.tgz");
    } finally {
      process.chdir(stood);
    }
    expect(readFileSync(join(folder, "next/package.json"), "utf8")).toContain('"file:../package.tgz"');
  });

  // Only `script` of util-linux takes a command this way: elsewhere nothing here has a terminal to give.
  (hasScript ? describe : describe.skip)("on a terminal", () => {
    it("asks again where an answer does not do, and takes Enter for the default", async () => {
      const { status, text } = await typed(["Bad Name\r", "edge\r", "\r", "1312345678\r"]);
      expect([status, text]).toEqual([0, expect.stringContaining("Name must have 1 to 40 lower-case letters")]);
      expect(readFileSync(join(folder, "asked/main.ts"), "utf8")).toContain('"edge", { region: "ap-guangzhou" }');
      expect(readFileSync(join(folder, "asked/log-stack.ts"), "utf8")).toContain('const APP_ID = "1312345678";');
    });

    it.each([
      ["Ctrl-C", "\x03"],
      ["Ctrl-D", "\x04"],
    ])("ends at %s in a word, and writes nothing", async (_, key) => {
      const { status, text } = await typed([key]);
      expect([status, text]).toEqual([130, expect.stringMatching(/Name \(asked\): .*interrupted\s*$/s)]);
      expect(text).not.toContain("AbortError");
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("writes no rule text that its own checks refuse", async () => {
    await init(folder);
    const ran = async (...args: string[]) =>
      run(args, { stdout: { write: () => true }, stderr: { write: () => true } });
    expect(await ran("rules", "check", join(folder, "rules/access.sls"), "--output", "errors")).toBe(0);
    expect(await ran("rules", "test", join(folder, "rules/access.sls"))).toBe(0);
  });

  it("refuses a folder that holds something, a file, and answers that do not do", async () => {
    writeFileSync(join(folder, "notes.txt"), "x");
    const refused = (message: string) => ({ stderr: expect.stringContaining(message), status: 2, stdout: "" });
    expect(await init(folder)).toEqual(refused("which holds notes.txt; name another folder"));
    expect(await init(join(folder, "notes.txt"))).toEqual(refused("DIR must be a folder, got the file"));
    const next = join(folder, "next");
    expect(await init(next, "--app-id", "12")).toEqual(
      refused('--app-id must have ten digits, such as 1250000000, got "12"'),
    );
    expect(await init(next, "--name", "Über")).toEqual(refused("--name must have 1 to 40 lower-case letters"));
    expect(await init(next, "--region", "x y")).toEqual(refused("--region must be a region"));
    expect(await init("a", "b")).toEqual(refused("DIR must be one folder, got a, b"));
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });
});
