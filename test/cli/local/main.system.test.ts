import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../../..");
/** As `npm start` calls it. */
const MAIN = ["--import", "tsx", join(ROOT, "cli/main.ts"), "local", "--example", "access-log-batch"];
const JSON_LINES = '{"n":1}\n{broken\n{"n":2}\n';

/** Temporary folder of the process, so that what it leaves behind is seen. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** `npm start` as a process of its own, from the source. */
class Run {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<number | null>;
  private out = "";
  private err = "";
  private onText: () => void = () => undefined;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [...MAIN, ...args], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: folder },
    });
    this.child.stdout.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.err += chunk.toString();
      this.onText();
    });
    this.closed = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Waits until it has written so to standard error. */
  async wrote(text: string): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.onText = () => this.err.includes(text) && resolve();
      this.onText();
    });
    const ended = this.closed.then(() => {
      throw new Error(`it must write "${text}", got ${this.err}`);
    });
    await Promise.race([written, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  input(content: string | Buffer): void {
    this.child.stdin.write(content);
  }

  async end(): Promise<{ status: number | null; err: string; summary: object; left: string[] }> {
    this.child.stdin.end();
    return this.ended();
  }

  async ended(): Promise<{ status: number | null; err: string; summary: object; left: string[] }> {
    const status = await this.closed;
    const last = this.out.trimEnd().split("\n").at(-1) ?? "";
    const summary = last.startsWith("{") ? (JSON.parse(last) as object) : {};
    // What the loader of TypeScript keeps is not ours.
    const left = readdirSync(folder).filter((name) => !name.startsWith("tsx-"));
    return { status, err: this.err, summary, left };
  }
}

describe("Ctrl-C leaves nothing behind", () => {
  test("while it synthesizes", async () => {
    const run = new Run();
    await run.wrote("synthesizing");
    run.kill("SIGINT");
    const { status, err, left } = await run.ended();
    expect([status, err.trimEnd().split("\n").at(-1), left]).toEqual([130, "interrupted", []]);
  });

  test("while it feeds, also where it comes twice, as a terminal and npm both send it", async () => {
    const run = new Run("-");
    await run.wrote("feeding");
    run.input(JSON_LINES);
    run.kill("SIGINT");
    run.kill("SIGINT");
    const { status, err, left } = await run.ended();
    expect([status, err.trimEnd().split("\n").at(-1), left]).toEqual([130, "interrupted", []]);
  });

  test("nor does SIGTERM", async () => {
    const run = new Run("-");
    await run.wrote("feeding");
    run.kill("SIGTERM");
    const { status, left } = await run.ended();
    expect([status, left]).toEqual([143, []]);
  });
});

test("who reads the output may stop reading: no stack trace, and nothing is left behind", async () => {
  const child = spawn(process.execPath, [...MAIN, "-"], { cwd: ROOT, env: { ...process.env, TMPDIR: folder } });
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.destroy();
  child.stdin.end(JSON_LINES);
  const status = await new Promise((resolve) => child.once("close", resolve));
  expect([status, err.includes("    at ")]).toEqual([0, false]);
  expect(readdirSync(folder).filter((name) => !name.startsWith("tsx-"))).toEqual([]);
});

describe("- is standard input", () => {
  test.each([
    ["as it is", Buffer.from(JSON_LINES)],
    ["gzip", gzipSync(JSON_LINES)],
  ])("%s", async (_what, content) => {
    const run = new Run("-");
    run.input(content);
    const { status, err, summary, left } = await run.end();
    expect(err).toContain("feeding standard input to ");
    expect(summary).toMatchObject({ lines: 3, records: 2, invalid: 1 });
    expect([status, left]).toEqual([0, []]);
  });

  test("and one that is broken is one line", async () => {
    const run = new Run("-");
    run.input(gzipSync(JSON_LINES).subarray(0, 20));
    const { status, err, left } = await run.end();
    expect(err.trimEnd().split("\n").at(-1)).toBe("FILE must be readable, got standard input: unexpected end of file");
    expect([status, left]).toEqual([1, []]);
  });

  test("and a directory is refused, not read as nothing", () => {
    const directory = openSync(folder, "r");
    const { status, stderr } = spawnSync(process.execPath, [...MAIN, "-"], {
      cwd: ROOT,
      stdio: [directory, "pipe", "pipe"],
    });
    closeSync(directory);
    expect([status, stderr.toString()]).toEqual([2, "FILE must be a file, got the directory standard input\n"]);
  });
});
