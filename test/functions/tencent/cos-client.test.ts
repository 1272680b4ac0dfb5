import { CosClient } from "../../../functions/tencent/cos-client";
import { CosError } from "../../../functions/tencent/cos-error";
import { collect } from "../support/bytes";
import { withCosServer } from "../support/environment";

const server = withCosServer();
const BUCKET = "logs-1250000000";
let client: CosClient;

beforeEach(() => {
  client = new CosClient(200);
});
afterEach(() => client.close());

function address(key: string) {
  return { bucket: BUCKET, region: "ap-guangzhou", key };
}

async function failureOf(request: Promise<unknown>): Promise<CosError> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CosError);
  return error as CosError;
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
    const { body } = await client.get(address("a"));
    const { items, error } = await collect(body);
    expect(Buffer.concat(items)).toHaveLength(3);
    expect(error).toMatchObject({ code: "ETIMEDOUT", message: `GET cos://${BUCKET}/a got no byte for 200 ms` });
  });

  it("does not blame the connection for a reader that takes its time", async () => {
    server().objects.set(`${BUCKET}/a`, Buffer.alloc(4_000_000));
    const { body } = await client.get(address("a"));
    let bytes = 0;
    for await (const chunk of body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 500));
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
});
