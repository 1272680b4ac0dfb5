import type { LocalCloud } from "../../../local/cloud";
import { closeClouds, failure, sdk, start } from "../support/cloud";

const AT = { Bucket: "logs-1250000000", Region: "ap-guangzhou" };

interface SdkError {
  statusCode: number;
  code: string;
}

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await start();
});
afterEach(closeClouds);

test("a bucket is made once, and is gone when it is deleted empty", async () => {
  const client = sdk(cloud);
  await client.putBucket(AT);
  expect(await failure<SdkError>(client.putBucket(AT))).toMatchObject({ statusCode: 409, code: "BucketAlreadyExists" });
  await client.putObject({ ...AT, Key: "a", Body: "x" });
  expect(await failure<SdkError>(client.deleteBucket(AT))).toMatchObject({ statusCode: 409, code: "BucketNotEmpty" });
  await client.deleteObject({ ...AT, Key: "a" });
  await client.deleteBucket(AT);
  expect(await failure<SdkError>(client.headBucket(AT))).toMatchObject({ statusCode: 404 });
  expect(cloud.inventory()).toEqual([]);
});

test("only the account's own names are taken", async () => {
  const other = sdk(cloud).putBucket({ ...AT, Bucket: "logs-1300000001" });
  expect(await failure<SdkError>(other)).toMatchObject({ statusCode: 403, code: "AccessDenied" });
});

test("several objects are deleted at once, whatever their keys hold", async () => {
  const client = sdk(cloud);
  await client.putBucket(AT);
  const keys = ["a&b<c>", '"quoted"', "中文", "plain"];
  for (const Key of keys) await client.putObject({ ...AT, Key, Body: "x" });
  const { Versions } = await client.listObjectVersions({ ...AT, Prefix: "" });
  expect(Versions.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
  await client.deleteMultipleObject({ ...AT, Objects: keys.map((Key) => ({ Key })) });
  expect(cloud.bucket(AT.Bucket).keys()).toEqual([]);
});

describe("its configuration", () => {
  beforeEach(() => sdk(cloud).putBucket({ ...AT, ACL: "public-read" }));

  test("holds the access rule it was made with, and another that is set", async () => {
    expect(await sdk(cloud).getBucketAcl(AT)).toMatchObject({ ACL: "public-read" });
    await sdk(cloud).putBucketAcl({ ...AT, ACL: "private" });
    expect(await sdk(cloud).getBucketAcl(AT)).toMatchObject({ ACL: "private" });
    expect(cloud.bucket(AT.Bucket).acl).toBe("private");
  });

  test("keeps documents as they were set", async () => {
    const Rules = [{ ID: "old", Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 90 } }];
    const missing = failure<SdkError>(sdk(cloud).request({ ...AT, Method: "GET", Key: "", Action: "website" }));
    expect(await missing).toMatchObject({ statusCode: 404, code: "NoSuchWebsiteConfiguration" });
    await sdk(cloud).putBucketLifecycle({ ...AT, Rules });
    const { Rules: kept } = await sdk(cloud).getBucketLifecycle(AT);
    expect(kept).toMatchObject([{ ID: "old", Expiration: { Days: "90" } }]);
    await sdk(cloud).deleteBucketLifecycle(AT);
    expect(await sdk(cloud).getBucketLifecycle(AT)).toMatchObject({ Rules: [] });
  });

  test("takes no document of another kind", async () => {
    const wrong = sdk(cloud).request({ ...AT, Method: "PUT", Key: "", Action: "lifecycle", Body: "<Tagging/>" });
    expect(await failure<SdkError>(wrong)).toMatchObject({ statusCode: 400, code: "MalformedXML" });
  });

  test("cannot be set where the local cloud does not run it", async () => {
    const versioning = sdk(cloud).putBucketVersioning({ ...AT, VersioningConfiguration: { Status: "Enabled" } });
    expect(await failure<SdkError>(versioning)).toMatchObject({ statusCode: 501 });
  });
});
