import fc from "fast-check";
import { LinkedAbort } from "../../../functions/runtime/linked-abort";
import { gunzipSync } from "node:zlib";
import { CosOutput } from "../../../functions/outputs/cos-output";
import { ObjectWriter } from "../../../functions/outputs/object-writer";
import { BufferRecord } from "../../../functions/records/buffer-record";
import { MadeRecord } from "../../../functions/records/made-record";
import type { Batch } from "../../../functions/records/contracts";
import { OneLine } from "../../../functions/records/record-lines";
import type { CosOutputSettings } from "../../../functions/settings";
import type { CosClient } from "../../../functions/tencent/cos-client";
import { withCosServer } from "../support/environment";
import { closeContexts, contextOf, INPUT, textsUnder } from "../support/outputs";
import { inBatches, recordsOf } from "../support/records";

const server = withCosServer();
const SETTINGS: CosOutputSettings = {
  type: "cos",
  onFailure: "quarantine",
  bucket: "out-1250000000",
  region: "ap-guangzhou",
  prefix: "parts/",
  maxPartBytes: 40,
};
const FOLDER = `out-1250000000/parts/${INPUT.path}/`;
const LINES = Array.from({ length: 12 }, (_, index) => `{"n":${index}, "s":"é"}`);
beforeEach(() => void jest.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
});

async function write(batches: Batch[], settings = SETTINGS, overrides = {}) {
  const output = new CosOutput(settings, contextOf(overrides));
  for (const batch of batches) await output.write(batch);
  await output.flush();
  return output.report();
}

describe("a COS output", () => {
  it("writes records byte for byte, in parts that hold a stretch of the input each", async () => {
    const report = await write([recordsOf(LINES)]);
    const parts = textsUnder(server(), FOLDER);
    expect(Object.keys(parts).slice(0, 2)).toEqual(["00000-000.jsonl.gz", "00001-000.jsonl.gz"]);
    expect(Object.values(parts).join("")).toBe(LINES.map((line) => `${line}\n`).join(""));
    for (const part of Object.values(parts)) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(60);
    const stored = [...server().objects.values()].reduce((sum, part) => sum + part.length, 0);
    expect(report).toEqual({ records: 12, bytes: stored });
  });

  it("writes changed records as JSON, and nothing where there are no records", async () => {
    const [record] = recordsOf(LINES);
    record.fields = { a: "中" };
    await write([[record]]);
    expect(textsUnder(server(), FOLDER)).toEqual({ "00000-000.jsonl.gz": '{"a":"中"}\n' });
    expect(await write([[]])).toEqual({ records: 0, bytes: 0 });
  });

  it("makes the same objects of the same records, however they come", async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 10, max: 200 }),
        async (texts, sizes, maxPartBytes) => {
          const records = recordsOf(texts.map((text) => JSON.stringify({ text })));
          const settings = { ...SETTINGS, maxPartBytes };
          server().objects.clear();
          await write([records], settings);
          const whole = new Map(server().objects);
          await write(inBatches(records, sizes), settings);
          expect(server().objects).toEqual(whole);
          server().objects.clear();
          await write(inBatches(records, sizes), settings);
          expect(server().objects).toEqual(whole);
          tried++;
        },
      ),
      { numRuns: 15 },
    );
    expect(tried).toBe(15);
  }, 30_000);

  it("cuts a stretch once more where the processor made too much of it", async () => {
    const { place } = recordsOf(LINES)[0];
    const texts = ["a", "b", "c"].map((name) => ({ [name]: "x".repeat(45) }));
    await write([texts.map((fields) => new MadeRecord(place, fields))]);
    expect(Object.values(textsUnder(server(), FOLDER))).toEqual(texts.map((fields) => `${JSON.stringify(fields)}\n`));
    expect(Object.keys(textsUnder(server(), FOLDER))[2]).toBe("00000-002.jsonl.gz");
  });

  it("keeps two streams of one output apart", async () => {
    await write([recordsOf(["{}"])]);
    await write([recordsOf(['{"a":1}'])], SETTINGS, { stream: "lines-" });
    expect(Object.keys(textsUnder(server(), FOLDER))).toEqual(["00000-000.jsonl.gz", "lines-00000-000.jsonl.gz"]);
  });

  it("fails only a record whose place cannot be read, or whose bytes are gone, and writes none of its memory", async () => {
    const records = recordsOf(LINES.slice(0, 4));
    const get = () => {
      throw new Error("no place");
    };
    Object.defineProperty(records[1], "place", { get });
    const gone = Buffer.allocUnsafeSlow(1000).fill("x");
    records[2] = new BufferRecord(new OneLine({ object: "o", readFields: () => undefined }, gone, 0, 1000, 3, 40), 0);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const failed: unknown[] = [];
    const fail = (record: unknown) => failed.push(record);
    await write([records], { ...SETTINGS, maxPartBytes: 4000 }, { fail });
    expect(failed).toEqual([records[1], records[2]]);
    expect(textsUnder(server(), FOLDER)).toEqual({ "00000-000.jsonl.gz": `${LINES[0]}\n${LINES[3]}\n` });
  });

  it("slows who writes while a part is under way", async () => {
    let under = 0;
    let most = 0;
    const cos = {
      put: async () => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 2));
        under--;
      },
      close: () => undefined,
    } as unknown as CosClient;
    const startedAt = Date.now();
    expect(await write(inBatches(recordsOf(LINES.flatMap(() => LINES)), [1]), SETTINGS, { cos })).toMatchObject({
      records: 144,
    });
    expect(most).toBe(1);
    expect(Date.now() - startedAt).toBeGreaterThan(60);
  });
});

describe("a COS output that is to be paused", () => {
  const at = (byte: number) => new MadeRecord({ object: INPUT.name, line: byte + 1, byte }, { byte });

  it("goes on at the start of the stretch that is open, and stores those before", async () => {
    const output = new CosOutput(SETTINGS, contextOf());
    await output.write([at(0), at(39), at(50)]);
    expect([output.resumesAt(51), output.resumesAt(85)]).toEqual([40, 80]);
    expect(await output.pause(51)).toEqual({ parcels: 0 });
    expect(textsUnder(server(), FOLDER)).toEqual({ "00000-000.jsonl.gz": '{"byte":0}\n{"byte":39}\n' });
  });

  it("cannot be while a record is in the open stretch that begins before it: it would not come again", async () => {
    const output = new CosOutput(SETTINGS, contextOf());
    await output.write([at(50), at(20)]);
    expect(output.resumesAt(51)).toBeUndefined();
    // All of the stretch is stored then.
    expect(output.resumesAt(81)).toBe(80);
    await output.write([at(81)]);
    expect(output.resumesAt(82)).toBe(80);
    await output.discard();
  });
});

describe("a COS output that fails", () => {
  it("tries again what may pass, and reports how often", async () => {
    server().fault = (_, earlier) => (earlier < 2 ? { type: "status", statusCode: 503, code: "SlowDown" } : undefined);
    expect(await write([recordsOf(["{}"])])).toMatchObject({ records: 1, retries: 2 });
  });

  const refuse = (): void => {
    server().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
  };

  it("leaves the part in quarantine with its reason, and goes on", async () => {
    refuse();
    expect(await write([recordsOf(LINES)])).toEqual({ records: 0, bytes: 0, quarantined: 12 });
    const left = textsUnder(server(), `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`);
    const lines = Object.entries(left).filter(([name]) => name.endsWith(".jsonl.gz"));
    expect(lines.map(([, text]) => text).join("")).toBe(LINES.map((line) => `${line}\n`).join(""));
    expect(JSON.parse(left["00000-000.json"])).toMatchObject({
      version: 1,
      output: "out",
      input: INPUT.name,
      lines: `quarantine/outputs/out/${INPUT.path}/00000-000.jsonl.gz`,
      reason: { code: "AccessDenied", requestId: expect.any(String) as string },
      requestId: "scf-1",
    });
  });

  it("fails the invocation where its settings say so", async () => {
    refuse();
    const failing = write([recordsOf(LINES)], SETTINGS, { onFailure: "fail" });
    await expect(failing).rejects.toMatchObject({ code: "AccessDenied", name: "OutputError" });
    await expect(failing).rejects.toThrow("output out failed: PUT cos://out-");
    expect(
      server()
        .requestsOf("PUT")
        .every(({ object }) => object.startsWith("out-")),
    ).toBe(true);
  });

  it("fails the invocation where the quarantine cannot be written either", async () => {
    server().fault = () => ({ type: "status", statusCode: 403, code: "AccessDenied" });
    await expect(write([recordsOf(["{}"])])).rejects.toThrow("output out failed: PUT cos://notes-");
  });

  it("stops at once when the time is up, and leaves nothing to quarantine", async () => {
    const controller = new AbortController();
    const SLOW = { retries: 5, baseDelayMs: 5000, maxDelayMs: 5000 };
    server().fault = () => ({ type: "status", statusCode: 503, code: "SlowDown" });
    setTimeout(() => controller.abort(new Error("time is up")), 30);
    await expect(write([recordsOf(["{}"])], SETTINGS, { signal: controller.signal, retry: SLOW })).rejects.toThrow(
      "time is up",
    );
    expect(server().requests.every(({ object }) => object.startsWith("out-"))).toBe(true);
  });

  it("has nothing under way once its input failed, and leaves nothing to quarantine", async () => {
    const abort = new LinkedAbort(new AbortController().signal);
    server().fault = () => ({ type: "silence" });
    const output = new CosOutput(SETTINGS, contextOf({ signal: abort.signal }));
    await output.write(recordsOf(["{}"]));
    const flushed = expect(output.flush()).rejects.toThrow("the input failed");
    abort.abort(new Error("the input failed"));
    await output.discard();
    await flushed;
    const { length } = server().requests;
    server().fault = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server().requests).toHaveLength(length);
    expect(server().objects.size).toBe(0);
  });
});

describe("the writer of an object", () => {
  const line = fc.tuple(
    fc.constantFrom(0, 1, 50, 8_190, 8_191, 8_192, 100_000, 262_143, 262_144, 600_000),
    fc.constantFrom("x", "\xe9"),
    fc.boolean(),
  );
  const recordOf = (bytes: Buffer): BufferRecord => {
    const origin = { object: "o", readFields: () => undefined };
    return new BufferRecord(new OneLine(origin, bytes, 0, bytes.length, 1, 0), 0);
  };
  const asText = ([length, letter]: readonly [number, string, boolean]) => letter.repeat(length);

  it("packs what is drafted and what is added in its order, whatever their lengths", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 24 }), async (lines) => {
        const writer = new ObjectWriter();
        for (const one of lines) {
          const bytes = Buffer.from(asText(one), "latin1");
          const drafted = one[2] ? writer.draft(recordOf(bytes)) : undefined;
          if (drafted === undefined) await writer.add(bytes);
          else await writer.takeDraft();
          expect(drafted ?? bytes.length).toBe(bytes.length);
        }
        if (lines.length > 0) writer.draft(recordOf(Buffer.from("drafted in vain")));
        const expected = Buffer.from(lines.map((one) => `${asText(one)}\n`).join(""), "latin1");
        expect([writer.records, writer.bytes]).toEqual([lines.length, expected.length]);
        expect(gunzipSync(await writer.finish()).equals(expected)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("forgets a draft before a line that is added, even an empty one", async () => {
    const writer = new ObjectWriter();
    writer.draft(recordOf(Buffer.from("drafted in vain")));
    await writer.add(Buffer.from(""));
    expect(gunzipSync(await writer.finish()).toString()).toBe("\n");
  });
});
