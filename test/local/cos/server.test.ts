import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { LocalCloud } from "../../../local/cloud";
import { authorization } from "../../../local/cam/signature";
import { crc64Of } from "../../functions/support/crc64";
import { closeClouds, deploy, failure, sdk } from "../support/cloud";
import { BUCKET, REGION } from "../support/plan";

const AT = { Bucket: BUCKET, Region: REGION };

interface SdkError {
  statusCode: number;
  code: string;
}

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await deploy();
});
afterAll(closeClouds);

/** A plain request, signed by the owner. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const signed = { host: `${BUCKET}.cos.${REGION}.myqcloud.com`, ...headers };
  const query = [...new URL(`http://x${path}`).searchParams];
  const signature = authorization(
    { method, path: path.replace(/\?.*/, ""), query, headers: signed },
    cloud.cam.ownerKey,
  );
  return new Promise((resolve, reject) => {
    const sent = request(
      cloud.endpoint + path,
      { method, headers: { ...signed, authorization: signature } },
      (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
      },
    );
    sent.on("error", reject).end();
  });
}

describe("through the real SDK", () => {
  const KEYS = ["plain.gz", "a/b c/中文 a+b%20&=#?.gz", "é(1)!'*~.txt", "0"];

  test.each(KEYS)("put, head, get, delete %s", async (Key) => {
    const client = sdk(cloud);
    const put = await client.putObject({ ...AT, Key, Body: Buffer.from("hello"), ContentType: "text/plain" });
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');

    const head = await client.headObject({ ...AT, Key });
    expect(head.headers).toMatchObject({ "content-length": "5", "content-type": "text/plain", etag: put.ETag });
    for (const { headers } of [put, head, await client.getObject({ ...AT, Key, Range: "bytes=1-2" })]) {
      expect(headers).toMatchObject({ "x-cos-hash-crc64ecma": crc64Of(Buffer.from("hello")) });
    }

    const got = await client.getObject({ ...AT, Key });
    expect(got.Body.toString()).toBe("hello");

    await client.deleteObject({ ...AT, Key });
    const gone = await failure<SdkError>(client.getObject({ ...AT, Key }));
    expect(gone).toMatchObject({ statusCode: 404, code: "NoSuchKey" });
  });

  test("lists keys by prefix, in pages", async () => {
    const client = sdk(cloud);
    const keys = ["list/1 &<>.gz", "list/2+.gz", "list/中.gz", "other"];
    for (const Key of keys) await client.putObject({ ...AT, Key, Body: Key });

    const first = await client.getBucket({ ...AT, Prefix: "list/", MaxKeys: 2 });
    expect(first.Contents.map((object) => object.Key)).toEqual(keys.slice(0, 2));
    expect(first).toMatchObject({ IsTruncated: "true", NextMarker: keys[1] });

    const second = await client.getBucket({ ...AT, Prefix: "list/", MaxKeys: 2, Marker: keys[1] });
    expect(second.Contents.map((object) => [object.Key, object.Size])).toEqual([[keys[2], "11"]]);
    expect(second.IsTruncated).toBe("false");

    const folders = await client.getBucket({ ...AT, Prefix: "", Delimiter: "/" });
    expect(folders.CommonPrefixes).toContainEqual({ Prefix: "list/" });
    expect(folders.Contents.map((object) => object.Key)).toEqual(["other"]);
  });

  test("answers for the bucket itself", async () => {
    await sdk(cloud).headBucket(AT);
    const missing = failure<SdkError>(sdk(cloud).headBucket({ ...AT, Bucket: "gone-1250000000" }));
    expect(await missing).toMatchObject({ statusCode: 404 });
    const elsewhere = failure<SdkError>(sdk(cloud).getObject({ Bucket: BUCKET, Region: "ap-shanghai", Key: "0" }));
    expect(await elsewhere).toMatchObject({ statusCode: 404, code: "NoSuchBucket" });
  });

  test("refuses a wrong secret and an unknown key", async () => {
    const wrong = sdk(cloud, { ...cloud.cam.ownerKey, secretKey: "wrong" });
    expect(await failure<SdkError>(wrong.getObject({ ...AT, Key: "0" }))).toMatchObject({
      statusCode: 403,
      code: "SignatureDoesNotMatch",
    });
    const unknown = sdk(cloud, { secretId: "AKIDGONE", secretKey: "x" });
    expect(await failure<SdkError>(unknown.getObject({ ...AT, Key: "0" }))).toMatchObject({
      statusCode: 403,
      code: "InvalidAccessKeyId",
    });
  });
});

describe("what a role may do", () => {
  const role = (): ReturnType<typeof sdk> =>
    sdk(cloud, cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", "run")));

  test("is what its policies allow: read under the prefix", async () => {
    await cloud.bucket(BUCKET).put("cls/allowed.gz", "x");
    await cloud.bucket(BUCKET).put("other/denied.gz", "x");
    const got = await role().getObject({ ...AT, Key: "cls/allowed.gz" });
    expect(got.Body.toString()).toBe("x");
  });

  test.each([
    ["read elsewhere", () => role().getObject({ ...AT, Key: "other/denied.gz" })],
    ["learn whether a key exists elsewhere", () => role().getObject({ ...AT, Key: "other/missing.gz" })],
    ["write", () => role().putObject({ ...AT, Key: "cls/new.gz", Body: "x" })],
    ["delete", () => role().deleteObject({ ...AT, Key: "cls/allowed.gz" })],
    ["list", () => role().getBucket({ ...AT, Prefix: "cls/" })],
  ])("is not to %s", async (_what, act) => {
    expect(await failure<SdkError>(act())).toMatchObject({ statusCode: 403, code: "AccessDenied" });
  });

  test("is nothing without its token", async () => {
    const { secretId, secretKey } = cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", "run"));
    const error = await failure<SdkError>(
      sdk(cloud, { secretId, secretKey }).getObject({ ...AT, Key: "cls/allowed.gz" }),
    );
    expect(error).toMatchObject({ statusCode: 403, code: "InvalidAccessKeyId" });
  });
});

describe("parts and conditions", () => {
  const ETAG = '"781e5e245d69b566979b86e28d23f2c7"';
  beforeAll(() => cloud.bucket(BUCKET).put("range", "0123456789"));

  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-100", "89", "bytes 8-9/10"],
    ["bytes=-100", "0123456789", "bytes 0-9/10"],
  ])("Range %s is 206", async (range, body, contentRange) => {
    expect(await send("GET", "/range", { range })).toMatchObject({
      status: 206,
      body,
      headers: { "content-range": contentRange, "content-length": String(body.length), etag: ETAG },
    });
  });

  test.each(["bytes=10-", "bytes=10-12", "bytes=-0"])("Range %s is 416", async (range) => {
    const answer = await send("GET", "/range", { range });
    expect(answer).toMatchObject({ status: 416, headers: { "content-range": "bytes */10" } });
    expect(answer.body).toContain("<Code>InvalidRange</Code>");
  });

  test.each(["bytes=x", "lines=1-2", "bytes=-"])("Range %s is ignored", async (range) => {
    expect(await send("GET", "/range", { range })).toMatchObject({ status: 200, body: "0123456789" });
  });

  test("If-Match holds or is 412", async () => {
    for (const tag of [ETAG, ETAG.slice(1, -1), "*", `"x", ${ETAG}`]) {
      expect(await send("GET", "/range", { "if-match": tag })).toMatchObject({ status: 200 });
    }
    const answer = await send("GET", "/range", { "if-match": '"other"', range: "bytes=5-" });
    expect(answer.status).toBe(412);
    expect(answer.body).toContain("<Code>PreconditionFailed</Code>");
  });

  test("If-None-Match is 304 where the object is unchanged", async () => {
    expect(await send("GET", "/range", { "if-none-match": ETAG })).toMatchObject({ status: 304, body: "" });
    expect(await send("GET", "/range", { "if-none-match": '"other"' })).toMatchObject({ status: 200 });
  });

  test("an empty object is 200, and 416 with a range", async () => {
    await cloud.bucket(BUCKET).put("empty", "");
    expect(await send("GET", "/empty")).toMatchObject({ status: 200, body: "" });
    expect(await send("GET", "/empty", { range: "bytes=0-" })).toMatchObject({ status: 416 });
  });
});

describe("a PUT that forbids to overwrite", () => {
  it("makes an object once", async () => {
    const forbid = { "x-cos-forbid-overwrite": "true", "content-length": "0" };
    expect((await send("PUT", "/once.json", forbid)).status).toBe(200);
    const again = await send("PUT", "/once.json", forbid);
    expect([again.status, again.body]).toEqual([409, expect.stringContaining("<Code>FileAlreadyExists</Code>")]);
    expect((await send("PUT", "/once.json", { "content-length": "0" })).status).toBe(200);
  });

  it("has one winner where many come at once", async () => {
    const bodies = ["a", "b", "c"];
    const puts = bodies.map((body) => beginPut("/race.json", body));
    // Each of them has been asked for before the body of any has come.
    await Promise.all(puts.map(({ isTaken }) => isTaken));
    const statuses = await Promise.all(puts.map(({ finish }) => finish()));
    expect([...statuses].sort()).toEqual([200, 409, 409]);
    const winner = bodies[statuses.indexOf(200)];
    expect((await cloud.bucket(BUCKET).read("race.json")).toString()).toBe(winner);
  });

  /** A PUT whose body is kept back until the server has taken the request. */
  function beginPut(path: string, body: string): { isTaken: Promise<unknown>; finish: () => Promise<number> } {
    const host = `${BUCKET}.cos.${REGION}.myqcloud.com`;
    const headers = { host, "x-cos-forbid-overwrite": "true", "content-length": String(body.length) };
    const signature = authorization({ method: "PUT", path, query: [], headers }, cloud.cam.ownerKey);
    const options = { method: "PUT", headers: { ...headers, expect: "100-continue", authorization: signature } };
    const sent = request(cloud.endpoint + path, options);
    sent.flushHeaders();
    const finish = async (): Promise<number> => {
      sent.end(body);
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      await text(answer);
      return answer.statusCode ?? 0;
    };
    return { isTaken: once(sent, "continue"), finish };
  }
});

describe("what it does not serve", () => {
  test("is said, not guessed", async () => {
    expect(await send("GET", "/range?acl=")).toMatchObject({ status: 501 });
    expect(await send("POST", "/range")).toMatchObject({ status: 405 });
    const nowhere = await fetch(cloud.endpoint);
    expect(nowhere.status).toBe(404);
    expect(await nowhere.text()).toContain("no function's URL is here, got /");
    const foreign = await send("GET", "/", { host: "example.com" });
    expect(foreign.status).toBe(421);
    expect(foreign.body).toContain("Host must be one that the local cloud serves, got example.com");
  });

  test("an unsigned request is refused", async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = { host: `${BUCKET}.cos.${REGION}.myqcloud.com` };
      request(`${cloud.endpoint}/range`, { headers }, (response) => resolve(response.resume().statusCode ?? 0))
        .on("error", reject)
        .end();
    });
    expect(answer).toBe(403);
  });
});
