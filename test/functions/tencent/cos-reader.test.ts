import { randomBytes } from "node:crypto";
import { CosClient } from "../../../functions/tencent/cos-client";
import { CosReader, type CosReaderOptions } from "../../../functions/tencent/cos-reader";
import { collect } from "../support/bytes";
import { eTagOf } from "../support/cos-server";
import { withCosServer } from "../support/environment";

const server = withCosServer();
const OBJECT = { bucket: "logs-1250000000", region: "ap-guangzhou", key: "a.gz" };
const NAME = "logs-1250000000/a.gz";
const FAST = { retries: 3, baseDelayMs: 1, maxDelayMs: 2 };
const content = randomBytes(1000);
let client: CosClient;

beforeEach(() => {
  client = new CosClient({ idleTimeoutMs: 1_000 });
  server().objects.set(NAME, content);
});
afterEach(() => client.close());

function reader(options: Partial<CosReaderOptions> = {}): CosReader {
  return new CosReader(OBJECT, { client, retry: FAST, ...options });
}

async function read(from: CosReader) {
  const { items, error } = await collect(from);
  return { bytes: Buffer.concat(items), error };
}

describe("reading an object", () => {
  it("takes one request", async () => {
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole).toMatchObject({ bytes: 1000, requests: 1, retries: 0, eTag: eTagOf(content) });
  });

  it("ends at once for an empty object", async () => {
    server().objects.set(NAME, Buffer.alloc(0));
    expect((await read(reader())).bytes).toHaveLength(0);
  });

  it("goes on from the byte it had reached when the connection ends early", async () => {
    server().fault = (_, earlier) => (earlier < 2 ? { type: "reset", afterBytes: 300, how: "fin" } : undefined);
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.retries).toBe(2);
    expect(server().requests.map(({ range, ifMatch }) => ({ range, ifMatch }))).toEqual([
      { range: undefined, ifMatch: undefined },
      { range: "bytes=300-", ifMatch: eTagOf(content) },
      { range: "bytes=600-", ifMatch: eTagOf(content) },
    ]);
  });

  it("goes on when the connection is reset, which may lose bytes on their way", async () => {
    server().fault = (_, earlier) => (earlier < 2 ? { type: "reset", afterBytes: 300, how: "rst" } : undefined);
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.retries).toBe(2);
  });

  it("is the same wherever the connection breaks", async () => {
    for (let byte = 1; byte <= 1000; byte += 37) {
      const earlierRequests = server().requests.length;
      server().fault = (_, earlier) =>
        earlier === earlierRequests ? { type: "reset", afterBytes: byte, how: "fin" } : undefined;
      expect(await read(reader())).toEqual({ bytes: content });
    }
  });

  it("outlives more faults than its retries, as long as each request brings a byte", async () => {
    server().fault = (_, earlier) => (earlier < 9 ? { type: "reset", afterBytes: 100, how: "fin" } : undefined);
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.retries).toBe(9);
  });

  it("needs nothing more when the connection breaks after the last byte", async () => {
    server().fault = () => ({ type: "reset", afterBytes: 1000 });
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.requests).toBe(1);
  });

  it("tries again when the server fails, or falls silent", async () => {
    server().fault = (_, earlier) =>
      earlier === 0
        ? { type: "status", statusCode: 503, code: "SlowDown" }
        : earlier === 1
          ? { type: "stall", afterBytes: 10 }
          : earlier === 2
            ? { type: "status", statusCode: 500, code: "InternalError" }
            : undefined;
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.retries).toBe(3);
  });

  it("waits for a slow trickle", async () => {
    server().fault = () => ({ type: "slow", bytes: 100, ms: 5 });
    const whole = reader();
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.retries).toBe(0);
  });

  it("gives up with Tencent's code when retries in a row bring nothing", async () => {
    server().fault = (_, earlier) =>
      earlier === 0
        ? { type: "reset", afterBytes: 10, how: "fin" }
        : { type: "status", statusCode: 503, code: "SlowDown" };
    const part = reader();
    const { bytes, error } = await read(part);
    expect(bytes).toEqual(content.subarray(0, 10));
    expect(error).toMatchObject({ code: "SlowDown", statusCode: 503 });
    expect(part.requests).toBe(1 + FAST.retries);
  });

  it.each([
    [403, "AccessDenied"],
    [404, "NoSuchKey"],
    [400, "InvalidArgument"],
  ])("fails at once, without a byte of the error document, on status %i", async (statusCode, code) => {
    server().fault = () => ({ type: "status", statusCode, code });
    const none = reader();
    const { bytes, error } = await read(none);
    expect(bytes).toHaveLength(0);
    expect(error).toMatchObject({ code, statusCode, requestId: "request-1" });
    expect(none.requests).toBe(1);
  });

  it("fails at once on keys that are wrong, or missing", async () => {
    process.env.TENCENTCLOUD_SECRETID = "AKIDwrong";
    expect((await read(reader())).error).toMatchObject({ code: "InvalidAccessKeyId" });
    delete process.env.TENCENTCLOUD_SECRETID;
    expect((await read(reader())).error).toMatchObject({ code: "LOGS_CREDENTIALS" });
  });

  it("never mixes two versions of an object", async () => {
    server().fault = (_, earlier) => {
      if (earlier > 0) return undefined;
      setImmediate(() => server().objects.set(NAME, randomBytes(1000)));
      return { type: "reset", afterBytes: 300, how: "fin" };
    };
    const { bytes, error } = await read(reader());
    expect(bytes).toEqual(content.subarray(0, 300));
    expect(error).toMatchObject({ name: "ObjectReplacedError", code: "PreconditionFailed", statusCode: 412 });
  });

  it("takes no bytes from an answer that starts elsewhere", async () => {
    server().fault = (_, earlier) =>
      earlier === 0 ? { type: "reset", afterBytes: 300, how: "fin" } : { type: "ignoreRange" };
    const { bytes, error } = await read(reader());
    expect(bytes).toEqual(content.subarray(0, 300));
    expect(error).toMatchObject({ code: "InvalidRange" });
  });

  it("asks for the version that the event names", async () => {
    await read(new CosReader({ ...OBJECT, versionId: "v1" }, { client }));
    expect(server().requests).toMatchObject([{ versionId: "v1" }]);
  });
});

describe("an answer that is not the object", () => {
  const flipped = Buffer.from(content);
  flipped[500] ^= 1;
  const known = { eTag: eTagOf(content), size: content.length };

  it.each([
    ["one bit", flipped],
    [
      "two bytes changed about",
      Buffer.concat([content.subarray(0, 10), Buffer.from(content.subarray(10, 12)).reverse(), content.subarray(12)]),
    ],
  ])("is a fault that may pass where its checksum tells: %s", async (_, body) => {
    server().fault = () => ({ type: "otherBody", body });
    const wrong = reader();
    const { error } = await read(wrong);
    expect(error).toMatchObject({ code: "WrongChecksum", transient: true });
    expect((error as Error).message).toBe(
      "GET cos://logs-1250000000/a.gz must answer with bytes of the object's CRC-64, got 1000 of another",
    );
    expect(wrong.requests).toBe(1);
  });

  it("is told by the checksum over all requests that it took, and by none where each brought what it should", async () => {
    const breaks = { type: "reset", afterBytes: 300, how: "fin" } as const;
    server().fault = (_, earlier) => (earlier < 2 ? breaks : undefined);
    expect(await read(reader())).toEqual({ bytes: content });
    const other = Buffer.from(content.subarray(600));
    other[0] ^= 1;
    const before = server().requests.length;
    server().fault = (_, earlier) => (earlier < before + 2 ? breaks : { type: "otherBody", body: other });
    expect((await read(reader())).error).toMatchObject({ code: "WrongChecksum" });
  });

  it.each([
    ["shorter", content.subarray(0, 900)],
    ["empty", Buffer.alloc(0)],
    ["longer", Buffer.concat([content, content])],
  ])("is asked for again where it is %s than the event tells, before a byte of it is handed out", async (_, body) => {
    server().fault = (__, earlier) => (earlier < 2 ? { type: "otherBody", body } : undefined);
    const whole = reader({ known });
    expect(await read(whole)).toEqual({ bytes: content });
    expect(whole.requests).toBe(3);
    server().fault = () => ({ type: "otherBody", body });
    const { bytes, error } = await read(reader({ known }));
    expect(bytes).toHaveLength(0);
    expect(error).toMatchObject({ code: "WrongSize", transient: true });
    expect((error as Error).message).toContain(
      `must answer with the 1000 bytes that its event tells, got ${body.length}`,
    );
  });

  it("is a fault at its end where only that tells its size", async () => {
    const old = Buffer.alloc(300_000, "x");
    server().objects.set(NAME, old);
    server().fault = () => ({ type: "otherBody", body: old.subarray(0, 5000), length: "chunked" });
    const { error } = await read(reader({ known: { eTag: eTagOf(old), size: old.length } }));
    expect(error).toMatchObject({ code: "WrongSize", transient: true });
  });

  it.each([
    ["another ETag: it was written over, and that has an event of its own", { eTag: '"00"', size: 10 }],
    ["no ETag in the event", { size: 10 }],
    ["no size in the event", { eTag: known.eTag }],
    ["its ETag without quotes", { eTag: known.eTag.replaceAll('"', ""), size: 1000 }],
  ])("is none where it has %s", async (_, told) => {
    expect(await read(reader({ known: told }))).toEqual({ bytes: content });
  });
});

describe("a reader that is not read to its end", () => {
  it("throws the signal's reason while it waits, for bytes or before a retry", async () => {
    for (const fault of [{ type: "stall", afterBytes: 1 } as const, { type: "reset", afterBytes: 1 } as const]) {
      server().fault = () => fault;
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error("time is up")), 30);
      const retry = { retries: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };
      const { error } = await read(
        reader({ signal: stop.signal, retry, client: new CosClient({ idleTimeoutMs: 60_000 }) }),
      );
      expect(error).toMatchObject({ message: "time is up" });
    }
  });

  it("sends nothing when the signal was there before", async () => {
    expect((await read(reader({ signal: AbortSignal.abort(new Error("too late")) }))).error).toMatchObject({
      message: "too late",
    });
    expect(server().requests).toHaveLength(0);
  });

  it("ends its request, even while a byte is awaited", async () => {
    server().fault = () => ({ type: "stall", afterBytes: 1 });
    const patient = new CosClient({ idleTimeoutMs: 60_000 });
    const chunks = reader({ client: patient })[Symbol.asyncIterator]();
    await chunks.next();
    const pending = chunks.next().catch((error: Error) => error.name);
    await chunks.return?.();
    expect(await pending).toBe("AbortError");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await server().openConnections()).toBe(0);
  });
});
