import { headerOf, type ServiceRequest } from "../http/server";
import type { StoredObject } from "./bucket";
import { sendXml } from "./document";
import { CosError } from "./error";
import { storedHeaders } from "./incoming";
import type { Operation, OperationRequest } from "./operation";
import { readRange, type ByteRange } from "./range";
import { xml } from "./xml";

const SOURCE = /^(?:https?:\/\/)?([a-z0-9-]+-\d+)\.cos\.[a-z0-9-]+\.(?:myqcloud\.com|tencentcos\.cn)\/(.+)$/;

/** Whether a request copies another object. */
export function isCopy(request: ServiceRequest): boolean {
  return request.headers["x-cos-copy-source"] !== undefined;
}

/** `PUT` of an object with `x-cos-copy-source`. */
export const COPY: Operation = { action: "cos:PutObject", run: copyObject };

async function copyObject(asked: OperationRequest): Promise<void> {
  const { request, response, bucket, key, change } = asked;
  const { object, bytes } = sourceOf(asked);
  const isReplaced = headerOf(request, "x-cos-metadata-directive") === "Replaced";
  const headers = isReplaced ? storedHeaders(request) : object.headers;
  const copy = await bucket.copy(key, object.body.open(bytes.start, bytes.end), headers, change);
  const LastModified = new Date(copy.lastModified).toISOString();
  sendXml(response, xml("CopyObjectResult", { ETag: copy.etag, LastModified, CRC64: copy.body.crc64 }));
}

/**
 * The object in `x-cos-copy-source`, and the requested bytes of it. Throws {@link CosError} if it does not exist or the
 * signer is not allowed to read it.
 */
export function sourceOf({ request, cos, mayRead }: OperationRequest): { object: StoredObject; bytes: ByteRange } {
  const given = headerOf(request, "x-cos-copy-source") ?? "";
  const [, name = "", path = ""] = SOURCE.exec(given.replace(/\?versionId=(null)?$/, "")) ?? [];
  const bucket = cos.bucket(name);
  if (!bucket) throw new CosError(400, "InvalidArgument", `x-cos-copy-source must name a bucket, got ${given}`);
  const key = decodeURIComponent(path);
  mayRead(bucket, key);
  const object = bucket.head(key);
  if (!object) throw new CosError(404, "NoSuchKey", "The specified key does not exist.");
  return { object, bytes: readRange(headerOf(request, "x-cos-copy-source-range"), object.size) };
}
