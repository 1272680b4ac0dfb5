import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CosStore, VersionedBucketError } from "../../../functions/monitor/cos-store";
import type { LocalCloud } from "../../../local/cloud";
import { Tracker } from "../../../monitor";
import { closeClouds, deploy } from "../../local/support/cloud";
import { BUCKET, REGION } from "../../local/support/plan";
import { batchOf, fileOf, Inbox, MINUTE, monitor, START } from "../../monitor/state/support/world";

const QUICK = { retries: 3, baseDelayMs: 1, maxDelayMs: 5 };
const before = { ...process.env };

let cloud: LocalCloud;
const stores: CosStore[] = [];

beforeAll(async () => {
  cloud = await deploy();
  process.env.COS_ENDPOINT = cloud.endpoint;
});
beforeEach(() => {
  cloud.cos.faults = () => undefined;
});
afterEach(() => stores.splice(0).forEach((store) => store.close()));
afterAll(async () => {
  process.env = before;
  await closeClouds();
});

function storeAt(prefix: string): CosStore {
  const { secretId, secretKey } = cloud.cam.ownerKey;
  const credentials = () => ({ secretId, secretKey });
  const store = new CosStore({
    bucket: BUCKET,
    region: REGION,
    prefix,
    credentials,
    retry: QUICK,
    idleTimeoutMs: 2000,
  });
  stores.push(store);
  return store;
}

async function keysOf(store: CosStore, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

describe("the state in COS", () => {
  it("lets one of many create an object, and reads, lists and removes below its prefix only", async () => {
    const [one, two, other] = [storeAt("a/"), storeAt("a/"), storeAt("b/")];
    const tries = Array.from({ length: 12 }, (_, at) => [one, two][at % 2].create("claims/x 中/0", `body ${at}`));
    const results = await Promise.all(tries);
    expect(results.filter((result) => result === "created")).toHaveLength(1);
    expect(await two.get("claims/x 中/0")).toBe(`body ${results.indexOf("created")}`);
    expect(await other.get("claims/x 中/0")).toBeUndefined();
    await one.put("claims/x 中/0", "other");
    await one.put("counts/y", "1");
    expect(await two.get("claims/x 中/0")).toBe("other");
    expect(await keysOf(two)).toEqual(["claims/x 中/0", "counts/y"]);
    expect(await keysOf(two, "counts/")).toEqual(["counts/y"]);
    await two.remove("counts/y");
    await two.remove("counts/y");
    expect(await keysOf(one)).toEqual(["claims/x 中/0"]);
  });

  it("has created an object whose acknowledgement was lost, and not one that another made meanwhile", async () => {
    const store = storeAt("lost/");
    await store.check();
    // The object is stored, and then the connection is lost.
    const put = cloud.bucket(BUCKET).put.bind(cloud.bucket(BUCKET));
    const meanwhile = (body: string) => {
      cloud.cos.faults = ({ method, attempt, key }) => {
        if (method !== "PUT" || attempt > 1) return undefined;
        void put(key, body);
        return { delayMs: 50, reset: 0 };
      };
    };
    meanwhile("mine");
    expect(await store.create("one", "mine")).toBe("created");
    meanwhile("theirs");
    expect(await store.create("two", "mine")).toBe("exists");
    expect(await store.get("two")).toBe("theirs");
  });

  it("tries again what may pass, and fails with what does not", async () => {
    const store = storeAt("retry/");
    cloud.cos.faults = ({ attempt }) => (attempt < 3 ? { status: 503 } : undefined);
    expect(await store.create("a", "1")).toBe("created");
    await store.put("b", "2");
    expect(await store.get("a")).toBe("1");
    cloud.cos.faults = () => ({ status: 403, code: "AccessDenied" });
    await expect(store.put("a", "1")).rejects.toThrow(/PUT cos:\/\/.* failed with AccessDenied/);
  });

  it.each(["Enabled", "Suspended"])("is refused in a bucket with versioning %s", async (status) => {
    cloud
      .bucket(BUCKET)
      .settings.set("versioning", `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`);
    try {
      const store = storeAt("versions/");
      const error = await store.create("a", "1").catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(VersionedBucketError);
      expect((error as Error).message).toBe(
        `state.bucket must never have had versioning, got ${BUCKET} with versioning ${status}; use another bucket: ` +
          "where objects have versions, COS lets several instances claim the same alert",
      );
      expect(await keysOf(store)).toEqual([]);
    } finally {
      cloud.bucket(BUCKET).settings.delete("versioning");
    }
  });

  it("is refused at the first claim where its versions are nobody's to ask for", async () => {
    const server = createServer((request, response) => {
      if (request.method === "GET") response.writeHead(403, { "content-length": 0 }).end();
      else
        request
          .resume()
          .on("end", () => response.writeHead(200, { "content-length": 0, "x-cos-version-id": "MTg0" }).end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env.COS_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const store = storeAt("versions/");
      await expect(store.create("a", "1")).rejects.toThrow(/with versioning in its answers; use another bucket/);
    } finally {
      process.env.COS_ENDPOINT = cloud.endpoint;
      server.closeAllConnections();
      server.close();
    }
  });

  it("is shared by trackers of two regions: one first alert, and the sum", async () => {
    let now = START;
    const inbox = new Inbox();
    const file = fileOf(monitor());
    const trackers = Array.from({ length: 4 }, (_, at) => {
      return new Tracker({ file, store: storeAt("monitor/"), sender: inbox, instance: `i${at}`, clock: () => now });
    });
    await Promise.all(
      trackers.map((tracker, at) =>
        tracker.take(batchOf(`p${at}`, { orders: at + 1 }, { at: now, source: at % 2 ? "sg" : "gz" })),
      ),
    );
    const [first] = inbox.alerts.splice(0);
    expect(inbox.alerts).toEqual([]);
    for (let minute = 1; minute <= 11; minute++) {
      now = START + minute * MINUTE;
      await Promise.all(trackers.map((tracker) => tracker.sweep()));
    }
    expect(inbox.take()).toEqual([`more orders ${10 - first.count}`, "recovered orders 10"]);
  });
});
