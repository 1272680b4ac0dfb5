import { gunzipSync } from "node:zlib";
import type { ClsRecord } from "../../../local/cls/record";
import type { LocalCloud } from "../../../local/cloud";
import { closeClouds, deploy } from "../support/cloud";
import { BUCKET, type Block } from "../support/plan";

afterEach(closeClouds);

const START = Date.UTC(2026, 0, 1);

function record(fields: Partial<ClsRecord> = {}): ClsRecord {
  return {
    time: START,
    contents: { status: "500", body: '{"a":"x"}' },
    source: "10.0.0.1",
    filename: "/a.log",
    ...fields,
  };
}

/** A cloud whose trigger matches nothing, so that only shipping is looked at. */
function deployShipper(shipper: Block = {}, options: object = {}): Promise<LocalCloud> {
  return deploy({ shipper, trigger: { enable: "CLOSE" } }, options);
}

async function linesOf(cloud: LocalCloud, key: string): Promise<string> {
  return gunzipSync(await cloud.bucket(BUCKET).read(key)).toString();
}

describe("when a file is cut", () => {
  test("at the interval, counted from the first record", async () => {
    const cloud = await deployShipper();
    await cloud.clock.advance(100_000);
    await cloud.topic("access").put([record(), record()]);
    await cloud.clock.advance(299_999);
    expect(cloud.bucket(BUCKET).keys()).toEqual([]);
    await cloud.topic("access").put([record()]);
    await cloud.clock.advance(1);
    expect(cloud.shipTasks).toMatchObject([{ status: "success", records: 3 }]);

    await cloud.clock.advance(3_600_000);
    expect(cloud.bucket(BUCKET).keys()).toHaveLength(1);
    await cloud.topic("access").put([record()]);
    await cloud.clock.advance(300_000);
    expect(cloud.bucket(BUCKET).keys()).toHaveLength(2);
  });

  test("at its size before compression, without waiting", async () => {
    const cloud = await deployShipper({ max_size: 5 });
    const big = record({ contents: { body: "x".repeat(1024 * 1024) } });
    await cloud.topic("access").put([big, big, big, big, big, record()]);
    expect(cloud.shipTasks).toMatchObject([{ status: "success", records: 5 }]);
    await cloud.clock.advance(300_000);
    expect(cloud.shipTasks).toMatchObject([{ records: 5 }, { records: 1 }]);
  });
});

describe("how a file is named", () => {
  test("by prefix, partition in the shipper's time zone, and a random part that is the same at every run", async () => {
    const keys: string[] = [];
    for (let run = 0; run < 2; run++) {
      const cloud = await deployShipper();
      for (let file = 0; file < 2; file++) {
        await cloud.topic("access").put([record()]);
        await cloud.clock.advance(300_000);
      }
      keys.push(...cloud.bucket(BUCKET).keys());
    }
    for (const key of keys) expect(key).toMatch(/^cls\/2026\/01\/01\/08\/_[0-9a-f]{32}_0\.gz$/);
    expect(keys.slice(2)).toEqual(keys.slice(0, 2));
    expect(new Set(keys).size).toBe(2);
  });

  test("by the time of shipping in mode 1", async () => {
    const cloud = await deployShipper({ filename_mode: 1, partition: "/%Y%m%d/", prefix: "p", time_zone: "UTC+00:00" });
    for (let file = 0; file < 2; file++) {
      await cloud.topic("access").put([record(), record()]);
      await cloud.clock.advance(300_000);
    }
    expect(cloud.bucket(BUCKET).keys()).toEqual([
      "p/20260101/202601010005_000_0.gz",
      "p/20260101/202601010010_000_2.gz",
    ]);
  });

  test("without compression it is a plain file", async () => {
    const cloud = await deployShipper({ compress: { format: "none" } });
    await cloud.topic("access").put([record()]);
    await cloud.clock.advance(300_000);
    const [key = ""] = cloud.bucket(BUCKET).keys();
    expect(key).toMatch(/_0\.json$/);
    expect((await cloud.bucket(BUCKET).read(key)).toString()).toMatch(/^\{"__TIMESTAMP__":.*\}\n$/);
  });
});

describe("what a file holds", () => {
  async function ship(shipper: Block, records: ClsRecord[]): Promise<string> {
    const cloud = await deployShipper(shipper);
    await cloud.topic("access").put(records);
    await cloud.clock.advance(300_000);
    const [key = ""] = cloud.bucket(BUCKET).keys();
    return key === "" ? "" : linesOf(cloud, key);
  }

  test("JSON lines: metadata first, the time in milliseconds, all values strings", async () => {
    expect(await ship({}, [record(), record({ contents: { __CONTENT__: "中 \n" } })])).toBe(
      `{"__TIMESTAMP__":${START},"__SOURCE__":"10.0.0.1","__FILENAME__":"/a.log","status":"500","body":"{\\"a\\":\\"x\\"}"}\n` +
        `{"__TIMESTAMP__":${START},"__SOURCE__":"10.0.0.1","__FILENAME__":"/a.log","__CONTENT__":"中 \\n"}\n`,
    );
  });

  test("tags where they are enabled, and no metadata that was not asked for", async () => {
    const content = { format: "json", json: { enable_tag: true, meta_fields: ["__SOURCE__"] } };
    expect(await ship({ content }, [record({ tags: { env: "prod" } })])).toBe(
      '{"__SOURCE__":"10.0.0.1","__TAG__":{"env":"prod"},"status":"500","body":"{\\"a\\":\\"x\\"}"}\n',
    );
  });

  test("only records that pass the filter", async () => {
    const rules = { filter_rules: [{ key: "status", regex: "^(5)\\d\\d$", value: "5" }] };
    const lines = await ship(rules, [record(), record({ contents: { status: "200" } }), record({ contents: {} })]);
    expect(lines.trim().split("\n")).toHaveLength(1);
  });
});

describe("the account role", () => {
  test("is needed: without it nothing is shipped, and the task says why", async () => {
    const cloud = await deployShipper({}, { accountRoles: false });
    await cloud.topic("access").put([record()]);
    await cloud.clock.advance(300_000);
    expect(cloud.bucket(BUCKET).keys()).toEqual([]);
    const error = 'InvalidParameter.RoleNotExist: role must exist, got "CLS_QcsRole"';
    expect(cloud.shipTasks).toMatchObject([{ status: "failed", message: expect.stringContaining(error) }]);
  });
});

test("what the shipper writes triggers the function, as the service that wrote it", async () => {
  const cloud = await deploy();
  await cloud.topic("access").put([record()]);
  await cloud.clock.advance(300_000);
  await cloud.settled();
  expect(cloud.invocations).toHaveLength(1);
  const signer = cloud.cam.assumeRole(cloud.cam.roleFor("cls.cloud.tencent.com", "CLS_QcsRole"));
  expect(JSON.stringify(cloud.invocations[0]?.result)).toContain(signer.secretId);
});
