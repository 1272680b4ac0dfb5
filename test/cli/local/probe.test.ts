import { OBJECT_LINE_BYTES, PROBE_BYTES, probe } from "../../../cli/local/probe";

const CHUNK_BYTES = 64 * 1024;

/** Counts what is taken of a content that comes in chunks, as a file does. */
class Source {
  taken = 0;

  constructor(private readonly content: Iterable<Buffer>) {}

  async *chunks(): AsyncGenerator<Buffer> {
    for (const part of this.content) {
      for (let start = 0; start < part.length; start += CHUNK_BYTES) {
        const chunk = part.subarray(start, start + CHUNK_BYTES);
        this.taken += chunk.length;
        yield chunk;
      }
    }
  }
}

async function isText(...content: (string | Buffer)[]): Promise<boolean> {
  return (await probe(new Source(content.map((part) => Buffer.from(part))).chunks())).text;
}

/** An object of so many bytes on one line. */
function objectOf(bytes: number): string {
  return `{"a":"${"x".repeat(bytes - 8)}"}`;
}

describe("one long line", () => {
  test("is looked at once: the time grows with its length, not with the square", async () => {
    // Time of the processor: others may need it as well.
    const started = process.cpuUsage();
    expect(await isText(Buffer.alloc(60e6, "x"))).toBe(true);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  test("is held no further than the limit, and the rest is still there to read", async () => {
    const million = Buffer.alloc(1e6, "x");
    const source = new Source(Array.from({ length: 200 }, () => million));
    const { held, rest } = await probe(source.chunks());
    expect(source.taken).toBeLessThanOrEqual(PROBE_BYTES + CHUNK_BYTES);
    let bytes = held.reduce((sum, chunk) => sum + chunk.length, 0);
    for await (const chunk of rest) bytes += chunk.length;
    expect(bytes).toBe(200e6);
  });

  test("is text where the limit comes before its end", async () => {
    expect(await isText(Buffer.alloc(PROBE_BYTES + 1e6, "x"))).toBe(true);
  });

  test("may be an object, up to some MB", async () => {
    expect(await isText(objectOf(OBJECT_LINE_BYTES))).toBe(false);
    expect(await isText(objectOf(OBJECT_LINE_BYTES + 1))).toBe(true);
    expect(await isText(objectOf(OBJECT_LINE_BYTES + 1), '\n{"a":1}\n')).toBe(false);
  });
});

describe("text is told from JSON lines", () => {
  test.each<[string, string, boolean]>([
    ["an object in the 100th line", `${"x\n".repeat(99)}{"a":1}`, false],
    ["an object in the line after it", `${"x\n".repeat(100)}{"a":1}`, true],
    ["empty lines between, which do not count", `${"x\n \r\n\n".repeat(99)}{"a":1}`, false],
    ["a byte order mark before the object", '\uFEFF{"a":1}\n', false],
    ["a byte order mark before a later object", 'x\n\uFEFF{"a":1}\n', true],
    ["a character across chunks", `${" ".repeat(CHUNK_BYTES - 7)}{"a":"中"}`, false],
    ["nothing but empty lines", "\n\n \n", false],
    ["nothing", "", false],
  ])("by %s", async (_what, content, expected) => {
    expect(await isText(content)).toBe(expected);
  });
});
