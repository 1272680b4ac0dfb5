import { forgetObject, leaveObject, noteKey, type QuarantineNote } from "../../../functions/quarantine/objects";
import { QuarantineStore } from "../../../functions/quarantine/store";
import { CosClient } from "../../../functions/tencent/cos-client";
import { withCosServer } from "../support/environment";

const server = withCosServer();
const SETTINGS = { bucket: "notes-1250000000", region: "ap-guangzhou", prefix: "quarantine/" };
const NOTE: QuarantineNote = {
  version: 1,
  object: { bucket: "logs-1250000000", region: "ap-guangzhou", key: "a/中.gz", eTag: '"00"' },
  reason: { kind: "permanent", code: "NoSuchKey", message: "it is gone", requestId: "cos-request" },
  reached: { bytes: 10, line: 2 },
  attempts: 1,
  requestId: "scf-request",
  time: "2026-01-01T00:00:00.000Z",
};
const STORED_AT = "notes-1250000000/quarantine/logs-1250000000/a/中.gz.json";
let client: CosClient;
let quarantine: QuarantineStore;

beforeEach(() => {
  client = new CosClient();
  const retry = { retries: 2, baseDelayMs: 1, maxDelayMs: 1 };
  quarantine = new QuarantineStore(client, SETTINGS, retry, new AbortController().signal);
});
afterEach(() => client.close());

describe("a quarantine note", () => {
  it("is JSON at a key that tells its object, and is removed there", async () => {
    await leaveObject(quarantine, NOTE);
    expect([...server().objects.keys()]).toEqual([STORED_AT]);
    expect(JSON.parse(String(server().objects.get(STORED_AT)))).toEqual(NOTE);
    await forgetObject(quarantine, NOTE.object);
    expect(server().objects.size).toBe(0);
  });

  it("need not be there to be removed", async () => {
    await expect(forgetObject(quarantine, NOTE.object)).resolves.toBeUndefined();
  });

  it("is tried again where the fault may pass", async () => {
    server().fault = (_, earlier) => (earlier < 2 ? { type: "status", statusCode: 503, code: "SlowDown" } : undefined);
    await leaveObject(quarantine, NOTE);
    await forgetObject(quarantine, NOTE.object);
    expect(server().requests).toHaveLength(6);
  });

  it("that cannot be written is an error", async () => {
    server().fault = () => ({ type: "status", statusCode: 403, code: "AccessDenied" });
    await expect(leaveObject(quarantine, NOTE)).rejects.toMatchObject({ code: "AccessDenied" });
    server().fault = () => ({ type: "status", statusCode: 500, code: "InternalError" });
    await expect(leaveObject(quarantine, NOTE)).rejects.toMatchObject({ code: "InternalError" });
    expect(server().requests).toHaveLength(1 + 3);
  });
});

describe("the key of a note", () => {
  const object = { bucket: "logs-1", region: "ap-x", key: "a/b.gz" };

  it("is readable, and one for each version", () => {
    expect(noteKey("q/", object)).toBe("q/logs-1/a/b.gz.json");
    expect(noteKey("q/", { ...object, versionId: "v1" })).toBe("q/logs-1/a/b.gz@v1.json");
  });

  it("fits into COS's 850 bytes, ending in a hash where it must be cut", () => {
    const longest = noteKey("q/", { ...object, key: "x".repeat(850 - "q/logs-1/.json".length) });
    expect(longest).toMatch(/^q\/logs-1\/x+\.json$/);
    expect(longest).toHaveLength(850);

    const cut = ["x".repeat(837), "中".repeat(283), `${"中".repeat(283)}x`, `x${"中".repeat(282)}`].map((key) =>
      noteKey("q/", { ...object, key }),
    );
    for (const key of cut) {
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(850);
      expect(key).toMatch(/^q\/logs-1\/x?[x中]+~[0-9a-f]{32}\.json$/u);
    }
    expect(new Set(cut).size).toBe(cut.length);
  });
});
