import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { Account } from "../account";
import type { Cam, Principal } from "../cam/cam";
import { SignatureError, verifySignature } from "../cam/signature";
import { readBody } from "../http/body";
import { headerOf, type Service, type ServiceRequest } from "../http/server";
import type { Cls } from "./cls";
import { decodeLogGroupList, ProtobufError } from "./protobuf";
import type { ClsRecord } from "./record";
import type { Topic } from "./topic";

const HOST = /^([a-z0-9-]+)\.cls\.(?:tencentcs|tencentyun)\.com$/;
const MAX_BODY_BYTES = 6 * 1024 * 1024;
const MAX_GROUPS = 10;
const MAX_LOGS = 10_000;
const MAX_VALUE_BYTES = 1024 * 1024;
const MAX_CONTENT_BYTES = 5 * 1024 * 1024;

const inflate = promisify(inflateRaw);

/** An answer that is an error; codes are CLS's. Fact: docs/design/facts/runtime.md#uploading-logs. */
class ClsError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * CLS's upload API: `POST /structuredlog?topic_id=`, protobuf, signature and policy checked.
 * Fact: docs/design/facts/runtime.md#uploading-logs.
 */
export class ClsServer implements Service {
  constructor(
    private readonly cls: Cls,
    private readonly cam: Cam,
    private readonly account: Account,
  ) {}

  accepts(host: string): boolean {
    return HOST.test(host);
  }

  async handle(request: ServiceRequest, response: ServerResponse): Promise<void> {
    response.setHeader("x-cls-requestid", request.requestId);
    try {
      await this.upload(request);
      response.writeHead(200, { "Content-Length": 0 }).end();
    } catch (error) {
      const refusal = asClsError(error);
      const body = JSON.stringify({ errorcode: refusal.code, errormessage: refusal.message });
      response.writeHead(refusal.status, { "Content-Type": "application/json" }).end(body);
    }
  }

  private async upload(request: ServiceRequest): Promise<void> {
    if (request.method !== "POST" || request.path !== "/structuredlog") {
      throw new ClsError(
        400,
        "InvalidParam",
        `the local cloud serves POST /structuredlog, got ${request.method} ${request.path}`,
      );
    }
    const principal = this.authenticate(request);
    const topic = this.findTopic(request);
    const resource = `qcs::cls:${topic.region}:uin/${this.account.uin}:topic/${topic.id}`;
    if (!this.cam.isAllowed(principal, "cls:pushLog", resource)) {
      throw new ClsError(403, "NotAllowed", `the key's role must be allowed cls:pushLog on topic ${topic.id}`);
    }
    await topic.put(await readRecords(request));
  }

  private authenticate(request: ServiceRequest): Principal {
    const secretId = verifySignature(request, (id) => this.cam.credential(id)?.key, headerOf(request, "x-cls-token"));
    return this.cam.credential(secretId)?.principal as Principal;
  }

  private findTopic(request: ServiceRequest): Topic {
    const id = new Map(request.query).get("topic_id") ?? "";
    const topic = this.cls.topic(id);
    const region = HOST.exec(request.host)?.[1];
    if (topic?.id === id && topic.region === region) return topic;
    throw new ClsError(404, "TopicNotExist", `the topic must exist in ${region}, got "${id}"`);
  }
}

async function readRecords(request: ServiceRequest): Promise<ClsRecord[]> {
  if (headerOf(request, "content-type") !== "application/x-protobuf") {
    throw new ClsError(400, "InvalidContentType", "Content-Type must be application/x-protobuf");
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    throw new ClsError(403, "LogSizeExceed", `the body must be at most ${MAX_BODY_BYTES} bytes`);
  }
  if (body.length === 0) throw new ClsError(400, "MissingContent", "the body must not be empty");
  const groups = decodeLogGroupList(await decompress(body, headerOf(request, "x-cls-compress-type")));
  checkLimits(groups);
  return groups.flat();
}

async function decompress(body: Buffer, type: string | undefined): Promise<Buffer> {
  if (type === undefined || type === "") return body;
  if (type === "deflate") return inflate(body, { maxOutputLength: MAX_BODY_BYTES });
  throw new ClsError(400, "InvalidCompressType", `x-cls-compress-type must be deflate here, got "${type}"`);
}

function checkLimits(groups: readonly ClsRecord[][]): void {
  if (groups.length > MAX_GROUPS)
    throw new ClsError(403, "LogSizeExceed", `groups must be at most ${MAX_GROUPS}, got ${groups.length}`);
  for (const group of groups) {
    if (group.length === 0 || group.length > MAX_LOGS) {
      throw new ClsError(400, "InvalidContent", `a group must hold 1 to ${MAX_LOGS} logs, got ${group.length}`);
    }
    const sizes = group.flatMap((record) => Object.values(record.contents).map((value) => Buffer.byteLength(value)));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total > MAX_CONTENT_BYTES || sizes.some((size) => size > MAX_VALUE_BYTES)) {
      throw new ClsError(403, "LogSizeExceed", "values must be at most 1 MB each and 5 MB in a group");
    }
  }
}

function asClsError(error: unknown): ClsError {
  if (error instanceof ClsError) return error;
  if (error instanceof SignatureError) return signatureRefused(error);
  const broken = error instanceof ProtobufError || (error as NodeJS.ErrnoException).code !== undefined;
  if (broken) return new ClsError(400, "InvalidContent", (error as Error).message);
  throw error;
}

function signatureRefused(error: SignatureError): ClsError {
  if (error.fault === "missing") return new ClsError(400, "MissingAuthorization", error.message);
  if (error.fault === "malformed") return new ClsError(400, "InvalidAuthorization", error.message);
  return new ClsError(401, "Unauthorized", error.message);
}
