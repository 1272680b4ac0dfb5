import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_DOMAIN, type AccessKey } from "../account";
import type { Principal } from "../cam/cam";
import { isS3Signed, s3RegionOf, verifyS3Signature } from "../cam/s3-signature";
import { presigned, SignatureError, verifySignature } from "../cam/signature";
import { headerOf, type Service, type ServiceRequest } from "../http/server";
import type { Bucket } from "./bucket";
import { aclOf } from "./bucket-operations";
import type { Cos } from "./cos";
import { sendXml } from "./document";
import { CosError, errorBody, signatureRefused } from "./error";
import { cutConnection } from "./faults";
import { findOperation } from "./operations";
import { xml } from "./xml";

const HOST = new RegExp(
  `^([a-z0-9-]+-\\d+)\\.cos(?:-internal)?\\.([a-z0-9-]+)\\.(myqcloud\\.com|tencentcos\\.cn|${LOCAL_DOMAIN.replace(".", "\\.")})$`,
);

/** Hosts that list an account's buckets: all of them, or those of a region. */
const SERVICE_HOST = /^(?:service\.cos|cos\.([a-z0-9-]+))\.(?:myqcloud\.com|tencentcos\.cn)$/;

/** Bucket and region of a request. */
interface Place {
  readonly name: string;
  readonly region: string;
  /** Whether the region is certain, or can be that of another alias: see {@link placeOf}. */
  readonly isSure: boolean;
}

/**
 * Terraform's provider uses one domain for the buckets of all its aliases, so the region in it is not reliable; an S3
 * signature contains the region. Fact: docs/design/facts/provider.md#another-endpoint.
 */
function placeOf(request: ServiceRequest): Place {
  const [, name = "", ofHost = "", domain] = HOST.exec(request.host) ?? [];
  if (domain !== LOCAL_DOMAIN) return { name, region: ofHost, isSure: true };
  const signed = s3RegionOf(request);
  return { name, region: signed ?? ofHost, isSure: signed !== undefined };
}

/** COS's XML API: virtual-host addresses, with signatures and policies checked, and errors as in COS. */
export class CosServer implements Service {
  constructor(private readonly cos: Cos) {}

  accepts(host: string): boolean {
    return HOST.test(host) || SERVICE_HOST.test(host);
  }

  async handle(received: ServiceRequest, response: ServerResponse): Promise<void> {
    const request = presigned(received);
    response.setHeader("Server", "tencent-cos");
    response.setHeader("x-cos-request-id", request.requestId);
    try {
      await this.perform(request, response);
    } catch (error) {
      const refusal = error instanceof SignatureError ? signatureRefused(error) : error;
      if (!(refusal instanceof CosError) || response.headersSent) throw error;
      sendError(refusal, request, response);
    }
  }

  private async perform(request: ServiceRequest, response: ServerResponse): Promise<void> {
    if (SERVICE_HOST.test(request.host)) return this.listBuckets(request, response);
    const key = decodeKey(request.path);
    if (request.method === "PUT" && key === "" && request.query.length === 0)
      return this.createBucket(request, response);
    const bucket = this.findBucket(placeOf(request));
    const fault = this.cos.injector.next({
      method: request.method,
      bucket: bucket.name,
      key,
      range: headerOf(request, "range"),
    });
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.reset === 0) return cutConnection(response, "reset");
    if (fault.status !== undefined) throw faultError(fault.status, fault.code);

    const operation = findOperation(request, key);
    this.authorize(request, bucket, key, operation.action);
    const { requestId, sourceIp } = request;
    const change = { requestId, sourceIp, authorization: headerOf(request, "authorization") ?? "" };
    const { cos } = this;
    const mayRead = (source: Bucket, name: string): void => this.authorize(request, source, name, "cos:GetObject");
    await operation.run({ request, response, cos, bucket, key, fault, owner: cos.account.appId, mayRead, change });
  }

  private listBuckets(request: ServiceRequest, response: ServerResponse): void {
    const { appId } = this.cos.account;
    this.authorizeOn(request, "cos:GetService", `qcs::cos::uid/${appId}:*`);
    if (request.method !== "GET" || request.path !== "/") {
      throw new CosError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
    const region = SERVICE_HOST.exec(request.host)?.[1];
    const buckets = this.cos.allBuckets().filter((bucket) => region === undefined || bucket.region === region);
    const Bucket = buckets.map(({ name, region: Location, created }) => ({
      Name: name,
      Location,
      CreationDate: new Date(created).toISOString(),
    }));
    const body = { Owner: { ID: appId, DisplayName: appId }, Buckets: { Bucket }, IsTruncated: false };
    sendXml(response, xml("ListAllMyBucketsResult", body));
  }

  private async createBucket(request: ServiceRequest, response: ServerResponse): Promise<void> {
    const { name, region } = placeOf(request);
    this.authorizeOn(request, "cos:PutBucket", `qcs::cos:${region}:uid/${this.cos.account.appId}:${name}/`);
    this.cos.createBucket(name, region, aclOf(request));
    response.writeHead(200, { "Content-Length": 0 }).end();
  }

  private findBucket({ name, region, isSure }: Place): Bucket {
    const bucket = this.cos.bucket(name);
    if (bucket !== undefined && (bucket.region === region || !isSure)) return bucket;
    throw new CosError(404, "NoSuchBucket", "The specified bucket does not exist.");
  }

  private authorize(request: ServiceRequest, bucket: Bucket, key: string, action: string): void {
    if (isPublic(bucket, action) && request.headers.authorization === undefined) return;
    this.authorizeOn(request, action, `qcs::cos:${bucket.region}:uid/${this.cos.account.appId}:${bucket.name}/${key}`);
  }

  private authorizeOn(request: ServiceRequest, action: string, resource: string): void {
    const principal = this.authenticate(request);
    if (!this.cos.cam.isAllowed(principal, action, resource)) throw new CosError(403, "AccessDenied", "Access Denied.");
  }

  private authenticate(request: ServiceRequest): Principal {
    const { cam } = this.cos;
    const findKey = (id: string): AccessKey | undefined => cam.keyToVerify(id);
    const secretId = isS3Signed(request)
      ? verifyS3Signature(request, findKey)
      : verifySignature(request, findKey, headerOf(request, "x-cos-security-token"), cam.signatureTimes());
    return this.cos.cam.credential(secretId)?.principal as Principal;
  }
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
