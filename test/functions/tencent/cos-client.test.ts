import { CosClient } from "../../../functions/tencent/cos-client";
import { listKeys } from "../../../functions/tencent/cos-list";
import { ServiceError } from "../../../functions/tencent/service-error";
import { collect } from "../support/bytes";
import { withCosServer } from "../support/environment";

const server = withCosServer();
const BUCKET = "logs-1250000000";
let client: CosClient;
/** Takes for a fault what a busy machine may do as well: only for tests of that. */
let impatient: CosClient;

beforeEach(() => {
  client = new CosClient();
  impatient = new CosClient({ idleTimeoutMs: 500 });
});
afterEach(() => [client, impatient].forEach((one) => one.close()));

function address(key: string) {
  return { bucket: BUCKET, region: "ap-guangzhou", key };
}

async function failureOf(request: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceError);
  return error as ServiceError;
}

describe("the COS client", () => {
  it("writes, reads and deletes an object under any key, signed as Tencent's SDK signs", async () => {
    for (const key of ["a.gz", "/a//b/../c", "中文 a+b%20c?d#e'(f)*!&=.gz", "\u0001\u007f"]) {
      const body = Buffer.from(key);
      await client.put(address(key), body, "text/plain");
      expect(server().objects.get(`${BUCKET}/${key}`)).toEqual(body);

      const answer = await client.get({ ...address(key), versionId: "v/1+" });
      expect(Buffer.concat((await collect(answer.body)).items)).toEqual(body);
      await client.delete(address(key));
      expect(server().objects.size).toBe(0);
    }
    expect(server().requestsOf("GET")[0]).toMatchObject({
      versionId: "v/1+",
      host: `${BUCKET}.cos.ap-guangzhou.myqcloud.com`,
    });
  });

  it("has nothing to do where the object to delete is not there", async () => {
    await expect(client.delete(address("none"))).resolves.toBeUndefined();
  });

  it("throws Tencent's code and request id, and nothing of what was signed", async () => {
    const error = await failureOf(client.get(address("none")));
    expect(error).toMatchObject({ code: "NoSuchKey", statusCode: 404, requestId: "request-1", transient: false });
    expect(error.message).toBe(`GET cos://${BUCKET}/none failed with NoSuchKey (HTTP 404): told & refused`);
  });

  it.each([
    [403, "AccessDenied", false],
    [429, "TooManyRequests", true],
    [500, "InternalError", true],
    [503, "SlowDown", true],
  ])("knows whether status %i may pass", async (statusCode, code, transient) => {
    server().fault = () => ({ type: "status", statusCode, code });
    expect(await failureOf(client.put(address("a"), Buffer.from("a"), "text/plain"))).toMatchObject({
      code,
      transient,
    });
    expect(await failureOf(client.delete(address("a")))).toMatchObject({ code, transient });
  });

  it("throws what the connection's fault was where there is no answer", async () => {
    process.env.COS_ENDPOINT = "http://127.0.0.1:1";
    const error = await failureOf(client.get(address("a")));
    expect(error).toMatchObject({ code: "ECONNREFUSED", statusCode: undefined, transient: true });
  });

  it("throws when the answer, or the rest of it, does not come", async () => {
    server().objects.set(`${BUCKET}/a`, Buffer.alloc(10));
    server().fault = () => ({ type: "stall", afterBytes: 3 });
    const { body } = await impatient.get(address("a"));
    const { items, error } = await collect(body);
    expect(Buffer.concat(items)).toHaveLength(3);
    expect(error).toMatchObject({ code: "ETIMEDOUT", message: `GET cos://${BUCKET}/a got no byte for 500 ms` });
  });

  it("does not blame the connection for a reader that takes its time", async () => {
    server().objects.set(`${BUCKET}/a`, Buffer.alloc(4_000_000));
    const { body } = await impatient.get(address("a"));
    let bytes = 0;
    for await (const chunk of body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
      bytes += chunk.length;
    }
    expect(bytes).toBe(4_000_000);
  });

  it("stops with the signal's reason, before and after the answer", async () => {
    server().objects.set(`${BUCKET}/a`, Buffer.alloc(10));
    server().fault = () => ({ type: "stall", afterBytes: 1 });
    const stop = new AbortController();
    const { body } = await client.get(address("a"), { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 20);
    expect((await collect(body)).error).toMatchObject({ message: "enough" });
    await expect(client.get(address("a"), { signal: stop.signal })).rejects.toThrow("enough");
  });

  it("leaves no socket open when it is closed", async () => {
    await client.put(address("a"), Buffer.alloc(1_000_000), "text/plain");
    server().fault = () => ({ type: "stall", afterBytes: 1 });
    await client.get(address("a"));
    expect(await server().openConnections()).toBeGreaterThan(0);
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await server().openConnections()).toBe(0);
  });

  it("follows no redirect, and says where it led", async () => {
    const location = "https://b-1.cos.ap-x.myqcloud.com/a?sign=q-ak";
    server().fault = () => ({ type: "status", statusCode: 301, code: "PermanentRedirect", location });
    const error = await failureOf(client.get(address("a")));
    expect(error).toMatchObject({ code: "Redirected", statusCode: 301, transient: false });
    expect(error.message).toMatch(
      /got a redirect to b-1\.cos\.ap-x\.myqcloud\.com \(HTTP 301\); check bucket and region$/,
    );
  });

  it("reads no more of an error document than it needs, in bytes and in time", async () => {
    for (const document of ["huge", "stalled", "cut", "none", "malformed"] as const) {
      server().fault = () => ({ type: "status", statusCode: 403, code: "AccessDenied", document });
      const startedAt = Date.now();
      const error = await failureOf(impatient.get(address("a")));
      expect(error).toMatchObject({ statusCode: 403, code: document === "huge" ? "AccessDenied" : "HTTP_403" });
      expect(error.message.length).toBeLessThan(700);
      expect(Date.now() - startedAt).toBeLessThan(3_000);
    }
  });

  it("takes from the connection no more than its reader asks for", async () => {
    const size = 64 * 1024 * 1024;
    server().objects.set(`${BUCKET}/a`, Buffer.alloc(size));
    const { body } = await client.get(address("a"));
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What the reader does not take stays in the buffers of both ends of the socket.
    expect(server().bytesSent()).toBeLessThan(size / 2);
    await chunks.return?.();
  });
});

describe("the list of a bucket's keys", () => {
  it("is decoded, and goes on page after page", async () => {
    const page = (keys: string[], next?: string) =>
      `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${next ? `<NextMarker>${next}</NextMarker>` : ""}` +
      `${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join("")}</ListBucketResult>`;
    const pages = [page(["q/a%26%2B", "q/%E4%B8%AD"], "q/%E4%B8%AD"), page(["q/z"])];
    const asked: object[] = [];
    const listing = {
      getBucket: async (_: object, query: object) => (asked.push(query), pages[asked.length - 1]),
    } as unknown as CosClient;
    const { items } = await collect(listKeys(listing, { bucket: BUCKET, region: "ap-x", prefix: "q/" }));
    expect(items).toEqual(["q/a&+", "q/中", "q/z"]);
    expect(asked).toMatchObject([{ marker: "" }, { marker: "q/中" }]);
  });

  it("is asked for again where the answer breaks", async () => {
    server().fault = (_, earlier) =>
      earlier === 0
        ? { type: "status", statusCode: 503, code: "SlowDown" }
        : { type: "status", statusCode: 403, code: "AccessDenied" };
    const retry = { retries: 2, baseDelayMs: 1, maxDelayMs: 1 };
    const { error } = await collect(listKeys(client, { bucket: BUCKET, region: "ap-guangzhou", prefix: "q/", retry }));
    expect(error).toMatchObject({ code: "AccessDenied" });
    expect(server().requests).toHaveLength(2);
  });
});
