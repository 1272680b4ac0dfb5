import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalCloud } from "../../../local/cloud";
import type { ObjectEvent } from "../../../local/cos/bucket";
import { closeClouds, failure, sdk, start } from "../support/cloud";

const AT = { Bucket: "parts-1250000000", Region: "ap-guangzhou" };
const MIB = 1024 * 1024;

interface SdkError {
  statusCode: number;
  code: string;
}

let cloud: LocalCloud;
let events: ObjectEvent[];
beforeEach(async () => {
  cloud = await start();
  cloud.cos.createBucket(AT.Bucket, AT.Region);
  events = [];
  cloud.cos.onEvent((event) => events.push(event));
});
afterEach(closeClouds);

const refusalOf = async (promise: Promise<unknown>): Promise<[number, string]> => {
  const { statusCode, code } = await failure<SdkError>(promise);
  return [statusCode, code];
};

/** Begins an upload and sends parts of these sizes, numbered from 1. */
async function sendParts(Key: string, ...sizes: number[]) {
  const client = sdk(cloud);
  const { UploadId } = await client.multipartInit({ ...AT, Key, ContentType: "text/plain" });
  const bodies = sizes.map((size) => randomBytes(size));
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const part = { ...AT, Key, UploadId, PartNumber: index + 1, Body };
    const { ETag } = await client.multipartUpload(part);
    Parts.push({ PartNumber: index + 1, ETag });
  }
  return { client, UploadId, Parts, bytes: Buffer.concat(bodies) };
}

describe("an object in parts", () => {
  it("is joined, tells its triggers so, and reads as one", async () => {
    const Key = "a b/大.bin";
    const { client, UploadId, Parts, bytes } = await sendParts(Key, MIB, MIB + 1, 7);
    expect(cloud.cos.bucket(AT.Bucket)?.keys()).toEqual([]);
    const { ETag } = await client.multipartComplete({ ...AT, Key, UploadId, Parts });
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(events.map(({ name, object }) => [name, object.key])).toEqual([
      ["cos:ObjectCreated:CompleteMultipartUpload", Key],
    ]);
    const { Body, headers } = await client.getObject({ ...AT, Key });
    expect(Buffer.compare(Body, bytes)).toBe(0);
    expect(headers).toMatchObject({ "content-type": "text/plain", etag: ETag });
    expect(await refusalOf(client.multipartListPart({ ...AT, Key, UploadId }))).toEqual([404, "NoSuchUpload"]);
  });

  it("is listed with its parts until it is aborted", async () => {
    const { client, UploadId } = await sendParts("in/x", MIB, 3);
    const { Part } = await client.multipartListPart({ ...AT, Key: "in/x", UploadId });
    expect(Part.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      ["1", String(MIB)],
      ["2", "3"],
    ]);
    const page = await client.multipartListPart({ ...AT, Key: "in/x", UploadId, MaxParts: 1 });
    expect(page).toMatchObject({ IsTruncated: "true", NextPartNumberMarker: "1" });
    const unfinished = async (Prefix: string) =>
      (await client.multipartList({ ...AT, Prefix, Delimiter: "" })) as unknown as { Upload: object[] };
    expect(await unfinished("in/")).toMatchObject({ Upload: [{ Key: "in/x", UploadId }] });
    expect((await unfinished("out/")).Upload).toEqual([]);
    await client.multipartAbort({ ...AT, Key: "in/x", UploadId });
    expect((await unfinished("")).Upload).toEqual([]);
    expect(events).toEqual([]);
  });

  it("is refused where a part is small, unknown, another or out of order", async () => {
    const { client, UploadId, Parts } = await sendParts("x", MIB, 3, 4);
    const complete = (...parts: (typeof Parts)[number][]) =>
      refusalOf(client.multipartComplete({ ...AT, Key: "x", UploadId, Parts: parts }));
    const [first, second, third] = Parts as [(typeof Parts)[number], (typeof Parts)[number], (typeof Parts)[number]];
    expect(await complete(first, second, third)).toEqual([400, "EntityTooSmall"]);
    expect(await complete(first, { ...second, PartNumber: 9 })).toEqual([400, "InvalidPart"]);
    expect(await complete(first, { ...second, ETag: first.ETag })).toEqual([400, "InvalidPart"]);
    expect(await complete(second, first)).toEqual([400, "InvalidPartOrder"]);
    expect(await refusalOf(client.multipartAbort({ ...AT, Key: "y", UploadId }))).toEqual([404, "NoSuchUpload"]);
  });

  it("is what the SDK makes of a large file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "parts-"));
    const FilePath = join(folder, "large");
    writeFileSync(FilePath, randomBytes(3 * MIB + 5));
    try {
      const { ETag } = await sdk(cloud).uploadFile({ ...AT, Key: "large", FilePath, SliceSize: MIB, ChunkSize: MIB });
      expect(ETag).toMatch(/-4"$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a copy", () => {
  beforeEach(async () => {
    await sdk(cloud).putObject({ ...AT, Key: "from/a b", Body: "hello", ContentType: "text/plain" });
    events.length = 0;
  });
  const source = (path: string): string => `${AT.Bucket}.cos.${AT.Region}.myqcloud.com/${path}`;

  it("has the source's bytes and headers, and is told as a copy", async () => {
    const client = sdk(cloud);
    await client.putObjectCopy({ ...AT, Key: "to", CopySource: source("from/a%20b") });
    const { Body, headers } = await client.getObject({ ...AT, Key: "to" });
    expect([Body.toString(), headers?.["content-type"]]).toEqual(["hello", "text/plain"]);
    expect(events.map(({ name }) => name)).toEqual(["cos:ObjectCreated:Copy"]);
  });

  it("of nothing, or by who may not read the source, is refused", async () => {
    const copy = (client = sdk(cloud), path = "gone") =>
      refusalOf(client.putObjectCopy({ ...AT, Key: "to", CopySource: source(path) }));
    expect(await copy()).toEqual([404, "NoSuchKey"]);
    const { cam } = cloud;
    const trust = { effect: "allow", action: "name/sts:AssumeRole", principal: { service: "scf.qcloud.com" } };
    const { id } = cam.createRole("writer", JSON.stringify({ version: "2.0", statement: [trust] }));
    const statement = [{ effect: "allow", action: ["name/cos:PutObject"], resource: ["*"] }];
    cam.attachPolicy(id, cam.createPolicy("write", JSON.stringify({ version: "2.0", statement })));
    const writer = sdk(cloud, cam.assumeRole(cam.role(id)));
    expect(await copy(writer, "from/a%20b")).toEqual([403, "AccessDenied"]);
  });
});

describe("a signed URL", () => {
  it("reads an object, and no other", async () => {
    const client = sdk(cloud);
    for (const Key of ["k", "l"]) await client.putObject({ ...AT, Key, Body: Key });
    const url = client.getObjectUrl({ ...AT, Key: "k", Sign: true, Protocol: "http:" }, () => undefined);
    expect([await statusOf(url), await statusOf(url.replace("/k?", "/l?"))]).toEqual([200, 403]);
  });

  async function statusOf(url: string): Promise<number | undefined> {
    const { host, pathname, search } = new URL(url);
    const [answer] = (await once(get(`${cloud.endpoint}${pathname}${search}`, { headers: { host } }), "response")) as [
      IncomingMessage,
    ];
    answer.resume();
    return answer.statusCode;
  }
});

describe("the account's buckets", () => {
  it("are listed, all of them or those of a region", async () => {
    cloud.cos.createBucket("other-1250000000", "ap-singapore");
    const client = sdk(cloud);
    const namesOf = async (Region?: string) =>
      (await client.getService(Region === undefined ? {} : { Region })).Buckets.map(({ Name, Location }) => [
        Name,
        Location,
      ]);
    expect(await namesOf()).toEqual([
      [AT.Bucket, AT.Region],
      ["other-1250000000", "ap-singapore"],
    ]);
    expect(await namesOf("ap-singapore")).toEqual([["other-1250000000", "ap-singapore"]]);
  });
});
