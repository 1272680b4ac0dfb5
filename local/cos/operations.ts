import { pipeline } from "node:stream/promises";
import { headerOf, type ServiceRequest } from "../http/server";
import type { StoredObject } from "./bucket";
import { findBucketOperation } from "./bucket-operations";
import { COPY, isCopy } from "./copy";
import { sendXml } from "./document";
import { CosError } from "./error";
import { cutConnection, flipped } from "./faults";
import { checked, storedHeaders } from "./incoming";
import { listObjects } from "./list";
import { findMultipartOperation } from "./multipart";
import type { Operation, OperationRequest } from "./operation";
import { readRange } from "./range";

const LIST_PARAMETERS = ["encoding-type", "prefix", "marker", "delimiter", "max-keys"];

/** Response headers that the reader of an object can override. */
const ANSWER_PARAMETER = /^response-(content-(?:type|encoding|disposition|language)|cache-control|expires)$/;

/** The operation of a request. Throws {@link CosError} for anything that COS or the local COS does not support. */
export function findOperation(request: ServiceRequest, key: string): Operation {
  const special = findMultipartOperation(request, key) ?? (key === "" ? findBucketOperation(request) : undefined);
  if (special) return special;
  const [extra] = request.query.filter((parameter) => !isUnderstood(request.method, key, parameter));
  if (extra !== undefined) {
    throw new CosError(501, "NotImplemented", `the local cloud does not implement ${request.method} with ${extra[0]}`);
  }
  if (isCopy(request) && key !== "" && request.method === "PUT") return COPY;
  const operation = (key === "" ? BUCKET_OPERATIONS : OBJECT_OPERATIONS)[request.method];
  if (operation) return operation;
  throw new CosError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
}

/** Without versioning, an object has one version, with an empty id or `null`. */
function isUnderstood(method: string, key: string, [name, value]: readonly [string, string]): boolean {
  if (key === "") return LIST_PARAMETERS.includes(name);
  if (name === "versionId") return value === "" || value === "null";
  return ANSWER_PARAMETER.test(name) && (method === "GET" || method === "HEAD");
}

const OBJECT_OPERATIONS: Record<string, Operation> = {
  GET: { action: "cos:GetObject", run: getObject },
  HEAD: { action: "cos:HeadObject", run: headObject },
  PUT: { action: "cos:PutObject", run: putObject },
  DELETE: { action: "cos:DeleteObject", run: deleteObject },
};

const BUCKET_OPERATIONS: Record<string, Operation> = {
  GET: { action: "cos:GetBucket", run: getBucket },
  HEAD: { action: "cos:HeadBucket", run: headBucket },
};

async function getObject(asked: OperationRequest): Promise<void> {
  const { request, response, fault } = asked;
  const object = findObject(asked);
  const bytes = readRange(headerOf(request, "range"), object.size);
  const length = bytes.end - bytes.start + 1;
  response.writeHead(bytes.partial ? 206 : 200, {
    ...describe(object),
    ...chosenHeaders(request),
    "Content-Length": length,
    ...(bytes.partial ? { "Content-Range": `bytes ${bytes.start}-${bytes.end}/${object.size}` } : {}),
  });
  const cutAfter = fault.reset ?? fault.shortBody;
  if (cutAfter === undefined || cutAfter >= length) {
    const body = object.body.open(bytes.start, bytes.end);
    return pipeline(fault.flip === undefined ? body : flipped(body, fault.flip), response);
  }
  response.flushHeaders();
  await pipeline(object.body.open(bytes.start, bytes.start + cutAfter - 1), response, { end: false });
  await cutConnection(response, fault.reset === undefined ? "end" : "reset");
}

async function headObject(asked: OperationRequest): Promise<void> {
  const object = findObject(asked);
  asked.response
    .writeHead(200, { ...describe(object), ...chosenHeaders(asked.request), "Content-Length": object.size })
    .end();
}

async function putObject(asked: OperationRequest): Promise<void> {
  const { request, response, bucket, key, change } = asked;
  const headers = storedHeaders(request);
  // Has no effect if versioning is enabled, which is not possible in the local cloud.
  const isForbidden = headerOf(request, "x-cos-forbid-overwrite") === "true";
  const object = await bucket[isForbidden ? "putNew" : "put"](key, checked(request), headers, change);
  if (object === undefined) {
    throw new CosError(409, "FileAlreadyExists", "The object you specified already exists and can not be overwritten.");
  }
  response.writeHead(200, { ETag: object.etag, ...checksumOf(object), "Content-Length": 0 }).end();
}

async function deleteObject(asked: OperationRequest): Promise<void> {
  await asked.bucket.delete(asked.key, asked.change);
  asked.response.writeHead(204).end();
}

async function getBucket({ request, response, bucket, owner }: OperationRequest): Promise<void> {
  const query = new Map(request.query);
  const maxKeys = Number(query.get("max-keys") ?? 1000);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new CosError(400, "InvalidArgument", `max-keys must be a whole number, got ${query.get("max-keys")}`);
  }
  const body = listObjects(
    bucket,
    {
      prefix: query.get("prefix") ?? "",
      marker: query.get("marker") ?? "",
      delimiter: query.get("delimiter") ?? "",
      maxKeys: Math.min(maxKeys, 1000),
      encode: query.get("encoding-type") === "url",
    },
    owner,
  );
  sendXml(response, body);
}

async function headBucket({ response, bucket }: OperationRequest): Promise<void> {
  response.writeHead(200, { "x-cos-bucket-region": bucket.region, "Content-Length": 0 }).end();
}

function findObject({ request, bucket, key }: OperationRequest): StoredObject {
  const object = bucket.head(key);
  if (!object) throw new CosError(404, "NoSuchKey", "The specified key does not exist.");
  const wanted = headerOf(request, "if-match");
  if (wanted !== undefined && !matchesEtag(wanted, object.etag)) {
    throw new CosError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  }
  const known = headerOf(request, "if-none-match");
  if (known !== undefined && matchesEtag(known, object.etag)) throw new CosError(304, "NotModified", "Not Modified");
  return object;
}

function matchesEtag(header: string, etag: string): boolean {
  const tags = header.split(",").map((tag) => tag.trim().replace(/^"?([^"]*)"?$/, '"$1"'));
  return tags.includes('"*"') || tags.includes(etag);
}

function describe(object: StoredObject): Record<string, string> {
  return {
    ...object.headers,
    ETag: object.etag,
    "Last-Modified": new Date(object.lastModified).toUTCString(),
    "Accept-Ranges": "bytes",
    ...checksumOf(object),
  };
}

function chosenHeaders({ query }: ServiceRequest): Record<string, string> {
  const chosen = query.map(([name, value]) => [ANSWER_PARAMETER.exec(name)?.[1] ?? "", value] as const);
  return Object.fromEntries(chosen.filter(([name]) => name !== ""));
}

/** For the whole object, whatever range is requested. */
function checksumOf({ body }: StoredObject): Record<string, string> {
  return { "x-cos-hash-crc64ecma": body.crc64 };
}
