import { gzipSync } from "node:zlib";
import { runCosBatch } from "../../../functions/handlers/cos-batch/cos-batch";
import { QuarantineStore } from "../../../functions/quarantine/store";
import type { CosBatchSettings } from "../../../functions/settings";
import { CosClient } from "../../../functions/tencent/cos-client";
import type { Fault } from "../support/cos-server";
import { withCosServer } from "../support/environment";
import { cosEvent, cosRecord } from "../support/events";
import { QUARANTINE, textsUnder } from "../support/outputs";

jest.setTimeout(30_000);
const cos = withCosServer();
const RETRY = { retries: 5, baseDelayMs: 1, maxDelayMs: 2 };
const BUCKET = "logs-1250000000";
const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  outputs: {
    lake: {
      type: "cos",
      onFailure: "fail",
      bucket: "out-1250000000",
      region: "ap-guangzhou",
      prefix: "",
      maxPartBytes: 99,
    },
  },
  defaultOutput: "lake",
  quarantine: QUARANTINE,
  maxLineBytes: 1000,
};
let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  jest.spyOn(console, "error").mockImplementation((line: string) => void told.push(line));
});
afterEach(() => jest.restoreAllMocks());

describe("a delivery whose note cannot be removed", () => {
  it.each([
    ["since COS does not answer", { type: "silence" } as const],
    ["since COS refuses", { type: "status", statusCode: 403, code: "AccessDenied" } as const],
    ["since COS fails", { type: "status", statusCode: 500, code: "InternalError" } as const],
  ])("succeeds, within seconds, and says so: %s", async (_, fault) => {
    cos().fault = ({ method }) => (method === "DELETE" ? fault : undefined);
    const keys = ["a.gz", "b.gz", "c.gz", "d.gz"];
    for (const key of keys) cos().objects.set(`${BUCKET}/${key}`, gzipSync('{"n":1}\n'));
    const startedAt = Date.now();
    const event = cosEvent(...keys.map((key) => cosRecord(BUCKET, key)));
    const summary = await runCosBatch(event, { time_limit_in_ms: 12_000 }, SETTINGS, RETRY);
    // All of them together cost no more than a few seconds.
    expect(Date.now() - startedAt).toBeLessThan(7_000);
    expect(summary).toMatchObject({ objects: 4, quarantined: 0, outputs: { lake: { records: 4 } } });
    expect(told).toHaveLength(4);
    for (const line of told) expect(line).toContain("its note cannot be removed");
    expect(Object.keys(textsUnder(cos(), "out-1250000000/"))).toHaveLength(4);
  });
});

it("a removal ends with the invocation as well", async () => {
  cos().fault = () => ({ type: "silence" });
  const controller = new AbortController();
  const store = new QuarantineStore(new CosClient(), QUARANTINE, RETRY, controller.signal);
  const removed = store.remove("quarantine/a.json");
  controller.abort(new Error("time is up"));
  await expect(removed).rejects.toThrow("time is up");
});

/** What stands between a function and COS may answer with 404 as well. */
const FOREIGN: readonly (readonly [string, string, Fault])[] = [
  ["a proxy knows no such page", "HTTP_404", { type: "status", statusCode: 404, code: "", document: "html" }],
  ["there is no such bucket", "NoSuchBucket", { type: "status", statusCode: 404, code: "NoSuchBucket" }],
  ["there is another code", "NoSuchUpload", { type: "status", statusCode: 404, code: "NoSuchUpload" }],
];

describe("an object is absent only where COS says so, not where", () => {
  it.each(FOREIGN)("%s: a note is not taken for delivered", async (_, code, fault) => {
    const client = new CosClient();
    const { signal } = new AbortController();
    const store = new QuarantineStore(client, QUARANTINE, { ...RETRY, retries: 0 }, signal);
    expect(await store.read("quarantine/a.json")).toBeUndefined();
    cos().fault = () => fault;
    await expect(store.read("quarantine/a.json")).rejects.toMatchObject({ code, statusCode: 404 });
    client.close();
  });

  it.each(FOREIGN)("%s: an object is not looked for under its other key", async (_, code, fault) => {
    cos().fault = ({ object }) => (object.startsWith(BUCKET) ? fault : undefined);
    const record = cosRecord(BUCKET, "a+b.gz") as { cos: { cosObject: { url: string } } };
    record.cos.cosObject.url = record.cos.cosObject.url.replace("%2B", "+");
    await runCosBatch(cosEvent(record), {}, SETTINGS, { ...RETRY, retries: 0 });
    const read = cos()
      .requestsOf("GET")
      .filter(({ object }) => object.startsWith(BUCKET));
    expect(read).toHaveLength(1);
    const notes = Object.values(textsUnder(cos(), `${QUARANTINE.bucket}/quarantine/`));
    expect(notes).toEqual([expect.stringContaining(code)]);
  });
});
