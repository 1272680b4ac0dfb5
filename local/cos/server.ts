import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Principal } from "../cam/cam";
import { SignatureError, verifySignature } from "../cam/signature";
import type { Service, ServiceRequest } from "../http/server";
import type { Bucket, StoredObject } from "./bucket";
import type { Cos } from "./cos";
import { CosError, errorBody, signatureRefused } from "./error";
import { cutConnection, type Fault } from "./faults";
import { listObjects } from "./list";
import { readRange } from "./range";

const HOST = /^([a-z0-9-]+-\d+)\.cos(?:-internal)?\.([a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)$/;
const SIGN_PARAMETERS = ["encoding-type", "prefix", "marker", "delimiter", "max-keys"];
const STORED_HEADER = /^(content-type|content-encoding|content-disposition|cache-control|expires|x-cos-meta-.+)$/;

/** A request whose bucket is known. */
interface Call {
  readonly request: ServiceRequest;
  readonly response: ServerResponse;
  readonly bucket: Bucket;
  readonly key: string;
  readonly fault: Fault;
}

/** What a call does, and the action that a policy must allow for it. */
interface Operation {
  readonly action: string;
  run(call: Call): Promise<void>;
}

/** COS's XML API: virtual-host addresses, signatures and policies checked, errors as COS words them. */
export class CosServer implements Service {
  constructor(private readonly cos: Cos) {}

  accepts(host: string): boolean {
    return HOST.test(host);
  }

  async handle(request: ServiceRequest, response: ServerResponse): Promise<void> {
    response.setHeader("Server", "tencent-cos");
    response.setHeader("x-cos-request-id", request.requestId);
    try {
      await this.call(request, response);
    } catch (error) {
      const refusal = error instanceof SignatureError ? signatureRefused(error) : error;
      if (!(refusal instanceof CosError) || response.headersSent) throw error;
      sendError(refusal, request, response);
    }
  }

  private async call(request: ServiceRequest, response: ServerResponse): Promise<void> {
    const bucket = this.findBucket(request.host);
    const key = decodeKey(request.path);
    const fault = this.cos.injector.next({ method: request.method, bucket: bucket.name, key, range: range(request) });
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.reset === 0) return cutConnection(response, "reset");
    if (fault.status !== undefined) throw faultError(fault.status, fault.code);

    const operation = findOperation(request, key);
    this.authorize(request, bucket, key, operation.action);
    await operation.run({ request, response, bucket, key, fault });
  }

  private findBucket(host: string): Bucket {
    const match = HOST.exec(host);
    const bucket = this.cos.bucket(match?.[1] ?? "");
    if (bucket?.region === match?.[2] && bucket !== undefined) return bucket;
    throw new CosError(404, "NoSuchBucket", "The specified bucket does not exist.");
  }

  private authorize(request: ServiceRequest, bucket: Bucket, key: string, action: string): void {
    if (isPublic(bucket, action) && request.headers.authorization === undefined) return;
    const principal = this.authenticate(request);
    const resource = `qcs::cos:${bucket.region}:uid/${this.cos.account.appId}:${bucket.name}/${key}`;
    if (!this.cos.cam.isAllowed(principal, action, resource)) throw new CosError(403, "AccessDenied", "Access Denied.");
  }

  private authenticate(request: ServiceRequest): Principal {
    const token = single(request.headers["x-cos-security-token"]);
    const secretId = verifySignature(request, (id) => this.cos.cam.credential(id)?.key, token);
    return this.cos.cam.credential(secretId)?.principal as Principal;
  }
}

function findOperation(request: ServiceRequest, key: string): Operation {
  const extra = request.query.map(([name]) => name).filter((name) => !SIGN_PARAMETERS.includes(name));
  if (extra.length > 0 || request.headers["x-cos-copy-source"] !== undefined) {
    const what = extra[0] ?? "x-cos-copy-source";
    throw new CosError(501, "NotImplemented", `the local cloud does not implement ${request.method} with ${what}`);
  }
  const operation = (key === "" ? BUCKET_OPERATIONS : OBJECT_OPERATIONS)[request.method];
  if (operation) return operation;
  throw new CosError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
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

async function getObject(call: Call): Promise<void> {
  const { request, response, fault } = call;
  const object = findObject(call);
  const bytes = readRange(range(request), object.size);
  const length = bytes.end - bytes.start + 1;
  response.writeHead(bytes.partial ? 206 : 200, {
    ...describe(object),
    "Content-Length": length,
    ...(bytes.partial ? { "Content-Range": `bytes ${bytes.start}-${bytes.end}/${object.size}` } : {}),
  });
  const cutAfter = fault.reset ?? fault.shortBody;
  if (cutAfter === undefined || cutAfter >= length) {
    return pipeline(object.body.open(bytes.start, bytes.end), response);
  }
  await pipeline(object.body.open(bytes.start, bytes.start + cutAfter - 1), response, { end: false });
  await cutConnection(response, fault.reset === undefined ? "end" : "reset");
}

async function headObject(call: Call): Promise<void> {
  const object = findObject(call);
  call.response.writeHead(200, { ...describe(object), "Content-Length": object.size }).end();
}

async function putObject(call: Call): Promise<void> {
  const { request, response, bucket, key } = call;
  const headers = Object.entries(request.headers).filter(([name]) => STORED_HEADER.test(name));
  const object = await bucket.put(
    key,
    checked(request),
    Object.fromEntries(headers.map(([name, value]) => [name, single(value) ?? ""])),
    change(request),
  );
  response.writeHead(200, { ETag: object.etag, "Content-Length": 0 }).end();
}

async function deleteObject(call: Call): Promise<void> {
  await call.bucket.delete(call.key, change(call.request));
  call.response.writeHead(204).end();
}

async function getBucket({ request, response, bucket }: Call): Promise<void> {
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
    bucket.name.slice(bucket.name.lastIndexOf("-") + 1),
  );
  response.writeHead(200, { "Content-Type": "application/xml", "Content-Length": Buffer.byteLength(body) }).end(body);
}

async function headBucket({ response, bucket }: Call): Promise<void> {
  response.writeHead(200, { "x-cos-bucket-region": bucket.region, "Content-Length": 0 }).end();
}

function findObject({ request, bucket, key }: Call): StoredObject {
  const object = bucket.head(key);
  if (!object) throw new CosError(404, "NoSuchKey", "The specified key does not exist.");
  const wanted = single(request.headers["if-match"]);
  if (wanted !== undefined && !matchesEtag(wanted, object.etag)) {
    throw new CosError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  }
  const known = single(request.headers["if-none-match"]);
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
  };
}

/** The body, refused at its end where it is not what `Content-MD5` promised. */
async function* checked(request: ServiceRequest): AsyncGenerator<Buffer> {
  const digest = createHash("md5");
  for await (const chunk of request.body) {
    digest.update(chunk);
    yield chunk;
  }
  const promised = single(request.headers["content-md5"]);
  if (promised !== undefined && promised !== digest.digest("base64")) {
    throw new CosError(400, "BadDigest", "The Content-MD5 you specified did not match what was received.");
  }
}

function change(request: ServiceRequest): { requestId: string; sourceIp: string; authorization: string } {
  const { requestId, sourceIp } = request;
  return { requestId, sourceIp, authorization: single(request.headers.authorization) ?? "" };
}

function isPublic(bucket: Bucket, action: string): boolean {
  const read = action === "cos:GetObject" || action === "cos:HeadObject";
  return bucket.acl === "public-read-write" || (bucket.acl === "public-read" && read);
}

function decodeKey(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    throw new CosError(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

function range(request: ServiceRequest): string | undefined {
  return single(request.headers.range);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function faultError(status: number, code: string | undefined): CosError {
  return new CosError(status, code ?? (status === 503 ? "SlowDown" : "InternalError"), "The test wanted this error.");
}

function sendError(error: CosError, request: ServiceRequest, response: ServerResponse): void {
  const body = errorBody(error, `${request.host}${request.path}`, request.requestId);
  const silent = request.method === "HEAD" || error.status === 304;
  response.writeHead(error.status, {
    "Content-Type": "application/xml",
    "Content-Length": silent ? 0 : Buffer.byteLength(body),
    ...error.headers,
  });
  response.end(silent ? undefined : body);
}
