// What users of cos-nodejs-sdk-v5 do first, with the variables of `tencent-logs local --serve` alone.
import { deepEqual, equal, ok } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import COS from "cos-nodejs-sdk-v5";

const { TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION, APP_ID } = process.env;
const cos = new COS({ SecretId: TENCENTCLOUD_SECRET_ID, SecretKey: TENCENTCLOUD_SECRET_KEY, Protocol: "http:" });
const at = { Bucket: `node-${APP_ID}`, Region: TENCENTCLOUD_REGION };

async function main() {
  await cos.putBucket(at);
  ok((await cos.getService()).Buckets.some(({ Name }) => Name === at.Bucket));
  await cos.putObject({ ...at, Key: "in/a.txt", Body: "hello" });
  deepEqual(
    (await cos.getBucket({ ...at, Prefix: "in/" })).Contents.map(({ Key, Size }) => [Key, Size]),
    [["in/a.txt", "5"]],
  );
  equal((await cos.getObject({ ...at, Key: "in/a.txt" })).Body.toString(), "hello");
  equal((await cos.headObject({ ...at, Key: "in/a.txt" })).headers["content-length"], "5");
  const CopySource = `${at.Bucket}.cos.${at.Region}.myqcloud.com/in/a.txt`;
  await cos.sliceCopyFile({ ...at, Key: "copy", CopySource });

  const folder = mkdtempSync(join(tmpdir(), "cos-"));
  const FilePath = join(folder, "large");
  const large = randomBytes(5_000_000);
  writeFileSync(FilePath, large);
  await cos.uploadFile({ ...at, Key: "large", FilePath, SliceSize: 1024 * 1024 });
  rmSync(folder, { recursive: true });
  equal(Buffer.compare((await cos.getObject({ ...at, Key: "large" })).Body, large), 0);

  const Objects = (await cos.getBucket(at)).Contents.map(({ Key }) => ({ Key }));
  equal(Objects.length, 3);
  equal((await cos.deleteMultipleObject({ ...at, Objects })).Deleted.length, 3);
  await cos.deleteBucket(at);
}

void main();
