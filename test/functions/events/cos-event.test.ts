import fc from "fast-check";
import { readCosEvent } from "../../../functions/events/cos-event";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../support/events";

const DEFAULT_REGION = "ap-default";

function read(...records: unknown[]) {
  return readCosEvent({ Records: records }, DEFAULT_REGION);
}

/** A Record with just the parts that a test is about. */
function record(cosBucket: object, cosObject: object) {
  return { cos: { cosBucket: { name: "logs", appid: "1250000000", ...cosBucket }, cosObject } };
}

describe("the event of a COS trigger", () => {
  it("names bucket, region, key and ETag of each of its objects", () => {
    const event = cosEvent(cosRecord("logs-1250000000", "a/b.gz"), cosRecord("more-logs-1250000001", "c.gz", "v1"));
    expect(readCosEvent(event, DEFAULT_REGION)).toEqual({
      objects: [
        { bucket: "logs-1250000000", region: "ap-guangzhou", key: "a/b.gz", eTag: '"00"', size: 10 },
        {
          bucket: "more-logs-1250000001",
          region: "ap-guangzhou",
          key: "c.gz",
          eTag: '"00"',
          size: 10,
          versionId: "v1",
        },
      ],
      errors: [],
    });
  });

  it.each([
    ["a number of seconds", 1768464001, 1768464001000],
    ["digits", "1768464001", 1768464001000],
    ["nothing", undefined, undefined],
    ["a text", "2026-01-15", undefined],
    ["an object", {}, undefined],
  ])("tells when an object was stored, by %s", (_, eventTime, storedAt) => {
    const { objects } = read({
      ...record({}, { key: "/a" }),
      event: { eventName: "cos:ObjectCreated:Put", eventTime },
    });
    expect(objects).toMatchObject([{ key: "a" }]);
    expect(objects[0].storedAt).toBe(storedAt);
  });

  it("leaves out folder placeholders", () => {
    expect(readCosEvent(cosEvent(cosRecord("logs-1", "folder/")), DEFAULT_REGION)).toEqual({ objects: [], errors: [] });
  });

  it("takes APPIDs as numbers and as text", () => {
    const { objects } = read(record({ appid: 1250000000 }, { key: "/a" }), record({}, { key: "/a" }));
    expect(objects.map(({ bucket }) => bucket)).toEqual(["logs-1250000000", "logs-1250000000"]);
  });
});

describe("the region of an object", () => {
  const url = "http://logs-1250000000.cos.ap-shanghai.myqcloud.com/a";

  it.each([
    ["cosRegion", { cosRegion: "ap-one", s3Region: "ap-two" }, url, "ap-one"],
    ["s3Region where that is missing", { s3Region: "ap-two" }, url, "ap-two"],
    ["the host of its address, as in events of 2020", { region: "sh" }, url, "ap-shanghai"],
    ["the old host of 2019", { region: "bj" }, "http://logs-1250000000.cosbj.myqcloud.com/a", "ap-beijing"],
    ["the host with a port", {}, "http://b-1.cos.ap-shanghai.myqcloud.com:80/a", "ap-shanghai"],
    ["the intranet host", {}, "https://b-1.cos-internal.ap-hongkong.tencentcos.cn/a", "ap-hongkong"],
    [
      "the settings, where the host is a domain of the user's",
      { region: "cd" },
      "https://files.example.com/a",
      DEFAULT_REGION,
    ],
    ["the settings, where an old host is not known", {}, "http://b-1.cosxx.myqcloud.com/a", DEFAULT_REGION],
    ["the settings, as in the documented example", { region: "cd" }, undefined, DEFAULT_REGION],
  ])("comes from %s", (_, bucket, address, region) => {
    expect(read(record(bucket, { key: "/a", url: address })).objects[0].region).toBe(region);
  });
});

describe("the key of an object", () => {
  const host = "http://logs-1250000000.cos.ap-shanghai.myqcloud.com";

  it.each([
    ["decoded once", "%21%2521", "!%21"],
    ["with a plus sign that is not a space, as the raw key does not tell otherwise", "a+b%2Bc", "a+b+c"],
    ["with what is not ASCII", "%E4%B8%AD%E6%96%87/x.gz", "中文/x.gz"],
    ["with dots that a URL would resolve", "a/../b/%2e%2e/c", "a/../b/../c"],
    ["with a slash of its own at the start", "/a", "/a"],
    ["with the bucket's prefix inside", "1250000000/logs/a", "1250000000/logs/a"],
  ])("comes from its address, %s", (_, path, key) => {
    expect(read(record({}, { key: "/ignored", url: `${host}/${path}` })).objects[0].key).toBe(key);
  });

  it("has a space for a plus of its address where the raw key says so", () => {
    const raw = "/1250000000/logs/a b+c";
    expect(read(record({}, { key: raw, url: `${host}/a+b%2Bc` })).objects).toMatchObject([{ key: "a b+c" }]);
    expect(read(record({}, { key: raw, url: `${host}/a+b%2Bc` })).objects[0].otherKey).toBeUndefined();
  });

  it("has another reading where only the object can tell what a plus of its address stands for", () => {
    for (const raw of ["/1250000000/logs/a+b", "/1250000000/logs/a%20b", undefined]) {
      expect(read(record({}, { key: raw, url: `${host}/a+b` })).objects).toMatchObject([
        { key: "a+b", otherKey: "a b" },
      ]);
    }
    expect(read(record({}, { key: "/x", url: `${host}/a%20b` })).objects[0].otherKey).toBeUndefined();
  });

  it.each([
    ["without the bucket's prefix", "/1250000000/logs/a/b.gz", "a/b.gz"],
    ["stripped of the prefix once", "/1250000000/logs/1250000000/logs/a", "1250000000/logs/a"],
    ["not decoded", "/1250000000/logs/%21+", "%21+"],
    ["as old console templates send it", "/test.jpg", "test.jpg"],
    ["with no slash at all", "test.jpg", "test.jpg"],
  ])("comes from the raw key where there is no address, %s", (_, raw, key) => {
    expect(read(record({}, { key: raw })).objects[0].key).toBe(key);
  });

  it("comes from the raw key where the address cannot be decoded", () => {
    expect(read(record({}, { key: "/1250000000/logs/100%", url: `${host}/100%` })).objects[0].key).toBe("100%");
  });

  it("survives the way through the event, whatever it is", () => {
    const keys = fc.string({ unit: "binary", minLength: 1 }).filter((key) => !key.endsWith("/"));
    fc.assert(
      fc.property(keys, (key) => {
        expect(readCosEvent(cosEvent(cosRecord("logs-1", key)), DEFAULT_REGION).objects).toMatchObject([{ key }]);
      }),
    );
  });
});

describe("a Record that names no object", () => {
  it.each([
    ["Records[0] must be an object, got null", null],
    ["Records[0].cos must be an object, got undefined", {}],
    ["Records[0].cos.cosBucket must be an object, got undefined", { cos: { cosObject: {} } }],
    ["Records[0].cos.cosObject must be an object, got a list", { cos: { cosBucket: {}, cosObject: [] } }],
    ["Records[0].cos.cosBucket.name must be a non-empty string, got an empty one", record({ name: "" }, { key: "/a" })],
    ["Records[0].cos.cosBucket.appid must be a non-empty string, got null", record({ appid: null }, { key: "/a" })],
    ["Records[0].cos.cosObject.key must be a non-empty string, got undefined", record({}, {})],
  ])("is an error that says what is wrong: %s", (message, bad) => {
    const { objects, errors } = read(bad);
    expect(objects).toEqual([]);
    expect(errors.map((error) => error.message)).toEqual([`${message}; only events of a COS trigger can be read`]);
    expect(errors[0]).toMatchObject({ name: "CosEventError", code: "LOGS_EVENT" });
  });

  it("does not hide the others", () => {
    const { objects, errors } = read(null, cosRecord("logs-1", "a"), 7);
    expect(objects).toMatchObject([{ key: "a" }]);
    expect(errors.map((error) => error.message)).toEqual([
      expect.stringContaining("Records[0]"),
      expect.stringContaining("Records[2]"),
    ]);
  });

  it("is told apart from a list of them", () => {
    expect(readCosEvent({ Records: "all" }, DEFAULT_REGION).errors).toMatchObject([{ name: "CosEventError" }]);
  });

  it("tell of an object that was removed: it would be looked for in vain, or found as another", () => {
    const removed = (eventName: string) => ({ ...cosRecord("logs-1", "a"), event: { eventName } });
    const { objects, errors } = read(
      removed("cos:ObjectRemove:Delete"),
      removed("cos:ObjectCreated:Put"),
      removed("cos:ObjectRemove:DeleteMarkerCreated"),
      removed("cos:ObjectRestore:Completed"),
    );
    expect(objects).toMatchObject([{ key: "a" }, { key: "a" }]);
    expect(errors.map(({ name, message }) => [name, message])).toEqual(
      [0, 2].map((index) => [
        "CosEventError",
        `Records[${index}] must tell of an object that is there, got cos:ObjectRemove; have the trigger tell of cos:ObjectCreated:*`,
      ]),
    );
  });

  it("never shows the uploader's signature", () => {
    const bad = {
      ...cosRecord("logs-1", "a"),
      cos: { cosBucket: UPLOADER_SIGNATURE, cosObject: { url: UPLOADER_SIGNATURE } },
    };
    expect(read(bad).errors[0].message).not.toContain("q-");
  });
});

describe("the size of an object", () => {
  it.each([
    [10, 10],
    ["10", 10],
    [0, 0],
    [-1, undefined],
    ["many", undefined],
    [null, undefined],
  ])("comes as a number or as digits: %j", (size, expected) => {
    expect(read(record({}, { key: "/a", size })).objects[0].size).toBe(expected);
  });
});
