import { request, type IncomingMessage } from "node:http";
import { authorization } from "../../../local/cam/signature";
import type { LocalCloud } from "../../../local/cloud";
import { closeClouds, deploy, failure } from "../support/cloud";
import { BUCKET, REGION } from "../support/plan";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await deploy();
  await cloud.bucket(BUCKET).put("cls/a", "0123456789");
});
afterEach(closeClouds);

/** Reads the object; fails where the connection does. */
function get(): Promise<{ status: number; body: string }> {
  const headers = { host: `${BUCKET}.cos.${REGION}.myqcloud.com` };
  const signature = authorization({ method: "GET", path: "/cls/a", query: [], headers }, cloud.cam.ownerKey);
  let body = "";
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(Object.assign(error, { body }));
    const read = (answer: IncomingMessage): void => {
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on("error", fail);
    };
    request(`${cloud.endpoint}/cls/a`, { headers: { ...headers, authorization: signature }, agent: false }, read)
      .on("error", fail)
      .end();
  });
}

test("a status comes with an error in XML", async () => {
  cloud.cos.faults = () => ({ status: 503 });
  const answer = await get();
  expect(answer.status).toBe(503);
  expect(answer.body).toContain("<Code>SlowDown</Code>");
});

test("a reset before the answer", async () => {
  cloud.cos.faults = () => ({ reset: 0 });
  expect(await failure(get())).toMatchObject({ code: "ECONNRESET" });
});

test.each([1, 5, 9])("a reset after %d bytes of the body", async (bytes) => {
  cloud.cos.faults = () => ({ reset: bytes });
  expect(await failure(get())).toMatchObject({ code: "ECONNRESET", body: "0123456789".slice(0, bytes) });
});

test("a body that ends early", async () => {
  cloud.cos.faults = () => ({ shortBody: 4 });
  expect(await failure(get())).toMatchObject({ code: "ECONNRESET", body: "0123" });
});

test("a byte that is wrong", async () => {
  cloud.cos.faults = () => ({ flip: 4 });
  expect(await get()).toEqual({ status: 200, body: "0123556789" });
});

test("a fault for the first attempt only, told by the request", async () => {
  const seen: unknown[] = [];
  cloud.cos.faults = (spoiled) => {
    seen.push(spoiled);
    return spoiled.attempt === 1 ? { status: 500 } : undefined;
  };
  expect(await get()).toMatchObject({ status: 500 });
  expect(await get()).toMatchObject({ status: 200, body: "0123456789" });
  expect(seen[1]).toEqual({ method: "GET", bucket: BUCKET, key: "cls/a", range: undefined, attempt: 2 });
});

test("a delay", async () => {
  cloud.cos.faults = () => ({ delayMs: 60 });
  const started = performance.now();
  expect(await get()).toMatchObject({ status: 200 });
  expect(performance.now() - started).toBeGreaterThan(50);
});
