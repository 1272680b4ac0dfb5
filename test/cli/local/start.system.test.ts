import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../terminal/user-error";
import { local } from "../../../cli/local/local";
import { toGbk } from "../../functions/support/gbk";

jest.setTimeout(30_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "start-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  ...args: string[]
): Promise<{ status: number; out: string; err: string; summary: Record<string, number> }> {
  let out = "";
  let err = "";
  // As `npm start` calls it; a second --example takes the place of the first.
  const status = await local(["--example", "access-log-batch", ...args], {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  return { status, out, err, summary: last.startsWith("{") ? (JSON.parse(last) as Record<string, number>) : {} };
}

describe("npm start, with the example as it was built", () => {
  test("runs the example's own log, the same every time, and ends with the summary", async () => {
    const { status, out, err, summary } = await run();
    expect(status).toBe(0);
    expect(summary.lines).toBe(5000);
    expect(summary.invalid).toBeGreaterThan(0);
    expect((summary.records ?? 0) + (summary.invalid ?? 0)).toBe(5000);
    expect(summary).toMatchObject({ objects: expect.any(Number), retries: 0, quarantined: 0, outputs: {} });
    expect(out).toMatch(/^object +bytes +lines +records/);
    expect(err.split("\n")[0]).toBe("synthesizing access-log-batch");
    expect((await run()).summary).toEqual({ ...summary, ms: expect.any(Number) });
  });

  test("runs the user's file instead", async () => {
    const file = join(folder, "access.log.gz");
    const lines = Array.from({ length: 1000 }, (_value, index) => (index % 100 === 7 ? "{broken" : `{"n":${index}}`));
    writeFileSync(file, gzipSync(lines.join("\n")));
    const { status, summary } = await run(file);
    expect(status).toBe(0);
    expect(summary).toMatchObject({ objects: 1, lines: 1000, records: 990, invalid: 10 });
  });

  test("takes a text file's lines as __CONTENT__", async () => {
    const file = join(folder, "access.log");
    writeFileSync(file, '203.0.113.1 "GET /"\r\n'.repeat(500));
    expect((await run(file)).summary).toMatchObject({ lines: 500, records: 500, invalid: 0 });
  });
});

describe.each([
  ["cls-stream-to-cos", "records"],
  ["own-processor", "requests"],
])("npm start -- --example %s", (example, output) => {
  type Outputs = { outputs: Record<string, { records: number }> };
  const log = ["500", "200", "404", "200"].map((status, n) =>
    JSON.stringify({ path: `/${n}`, remote_addr: "203.0.113.1", status }),
  );

  test("runs the example's own log into its outputs", async () => {
    const { status, summary } = await run("--example", example);
    expect(status).toBe(0);
    expect((summary as unknown as Outputs).outputs[output]?.records).toBeGreaterThan(0);
  });

  test("runs the user's file, gzip or not", async () => {
    for (const [name, content] of [
      ["own.log", Buffer.from(log.join("\n"))],
      ["own.log.gz", gzipSync(log.join("\n"))],
    ] as const) {
      writeFileSync(join(folder, name), content);
      const { status, summary } = await run("--example", example, join(folder, name));
      expect(status).toBe(0);
      expect(summary).toMatchObject({ lines: 4, records: 4, invalid: 0, dropped: 0 });
      const written = Object.values((summary as unknown as Outputs).outputs).map(({ records }) => records);
      expect(written.reduce((sum, records) => sum + records, 0)).toBe(4);
    }
  });
});

describe("npm start -- --example cls-stream-to-cos, with long lines", () => {
  test("uploads fewer at a time", async () => {
    const file = join(folder, "long.log");
    writeFileSync(file, `${JSON.stringify({ path: "/", text: "x".repeat(28_000) })}\n`.repeat(260));
    const { status, summary } = await run("--example", "cls-stream-to-cos", file);
    expect({ status, lines: summary.lines }).toEqual({ status: 0, lines: 260 });
  });

  test("says which line CLS would not take", async () => {
    const file = join(folder, "longest.log");
    writeFileSync(file, `{"a":1}\n{"a":"${"x".repeat(1_100_000)}"}\n`);
    await expect(run("--example", "cls-stream-to-cos", file)).rejects.toThrow(
      /^FILE must hold lines of at most 1048576 bytes for a topic, got 1100008 in the 2\. that is not empty;/,
    );
  });
});

test("npm start counts lines that are not UTF-8, says what they look like, and reads them so where it is told", async () => {
  const file = join(folder, "gbk.log");
  writeFileSync(file, Buffer.from("2026 \xc6\xf4\xb6\xaf\nplain\n", "latin1"));
  expect((await run(file)).summary).toMatchObject({ records: 2, invalidUtf8: 1 });
  writeFileSync(file, toGbk("2026 用户登录失败\n2026 订单超时\n"));
  const { err, summary } = await run(file);
  expect(summary).toMatchObject({ records: 2, invalidUtf8: 2, looksLike: "gbk" });
  expect(err).toContain("lines that are not UTF-8 look like gbk; pass --encoding gbk\n");
  const told = await run(file, "--encoding", "gbk");
  expect(told.summary).toMatchObject({ records: 2, invalid: 0 });
  expect(told.summary).not.toHaveProperty("invalidUtf8");
});

describe("what the user can put right is one line", () => {
  test("a missing file, before anything else is done", async () => {
    await expect(run(join(folder, "missing"))).rejects.toThrow(UserError);
  });

  test("an example that does not exist", async () => {
    await expect(run("--example", "live-logs")).rejects.toThrow(
      /^example must be one of access-log-batch, .*, rules-migration, got "live-logs"; did you mean live-log\?$/,
    );
  });
});

test("--help says how to call it", async () => {
  expect((await run("--help")).out).toContain("Usage: tencent-logs local STACK FILE [FLAGS]");
});
