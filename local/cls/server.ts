import type { ServerResponse } from "node:http";
import type { Account } from "../account";
import type { Cam, Principal } from "../cam/cam";
import { SignatureError, verifySignature } from "../cam/signature";
import type { SimulatedClock } from "../clock";
import { readBody } from "../http/body";
import { headerOf, type Service, type ServiceRequest } from "../http/server";
import { Refusal } from "../refusal";
import type { Cls } from "./cls";
import { codeOfFault, sendSpoilt, type ClsFault } from "./faults";
import { pull } from "./pull";
import { readPullQuery } from "./pull-query";
import { snappy } from "./snappy";
import type { Topic } from "./topic";
import { ClsError, hashKeyOf, readRecords } from "./upload";

const HOST = /^([a-z0-9-]+)\.cls\.(?:tencentcs|tencentyun)\.com$/;
const MAX_QUERY_BYTES = 64 * 1024;

/** Maximum reads of a partition per second. Fact: docs/design/facts/cls-reading.md#limits-of-reading. */
const READS_PER_SECOND = 200;

/** CLS's answer to an accepted request. */
interface Answer {
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault: ClsFault;
}

/**
 * CLS's own endpoint: uploads, `POST /structuredlog?topic_id=`, and consumption, `POST /pull_log?topic_id=`, with
 * signatures and policies checked. Facts: docs/design/facts/runtime.md#uploading-logs,
 * docs/design/facts/cls-reading.md#pulling.
 */
export class ClsServer implements Service {
  constructor(
    private readonly cls: Cls,
    private readonly cam: Cam,
    private readonly account: Account,
    private readonly clock: SimulatedClock,
  ) {}

  accepts(host: string): boolean {
    return HOST.test(host);
  }

  async handle(request: ServiceRequest, response: ServerResponse): Promise<void> {
    response.setHeader("x-cls-requestid", request.requestId);
    response.setHeader("Date", new Date(this.clock.now()).toUTCString());
    try {
      const { body, headers = {}, fault } = await this.perform(request);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      await sendSpoilt(response, 200, body, fault);
    } catch (error) {
      const refusal = asClsError(error, request.path);
      const body = Buffer.from(JSON.stringify({ errorcode: refusal.code, errormessage: refusal.message }));
      response.setHeader("Content-Type", "application/json");
      await sendSpoilt(response, refusal.status, body, refusal.fault);
    }
  }

  private async perform(request: ServiceRequest): Promise<Answer> {
    const { method, path } = request;
    if (method === "POST" && path === "/structuredlog") return this.upload(request);
    if (method === "POST" && path === "/pull_log") return this.pull(request);
    const served = "POST /structuredlog and POST /pull_log";
    throw new ClsError(400, "InvalidParam", `the local cloud serves ${served}, got ${method} ${path}`);
  }

  private async upload(request: ServiceRequest): Promise<Answer> {
    const topic = this.allowedTopic(request, "cls:pushLog");
    const fault = this.spoil({ action: "structuredlog", topicId: topic.id });
    await topic.put(await readRecords(request), hashKeyOf(request));
    return { body: fault.body === undefined ? Buffer.alloc(0) : Buffer.from(fault.body), fault };
  }

  private async pull(request: ServiceRequest): Promise<Answer> {
    const topic = this.allowedTopic(request, "cls:pullLogs");
    const body = await readBody(request, MAX_QUERY_BYTES);
    const query = readPullQuery(body);
    const { partitionId } = query;
    const fault = this.spoil({ action: "pull_log", topicId: topic.id, partitionId });
    if (!this.cls.rates.take(`pull ${topic.id}/${partitionId}`, READS_PER_SECOND)) {
      const message = `a partition must be read at most ${READS_PER_SECOND} times a second`;
      throw new ClsError(429, "SpeedQuotaExceed", message);
    }
    const { nextOffset, messages } = pull(topic, query, { uin: this.account.uin, now: this.clock.now() });
    // An empty result is not a list: consumers must handle both.
    const Response = { NextOffset: nextOffset, Message: messages.length > 0 ? messages : null };
    const packed =
      fault.body === undefined ? snappy(Buffer.from(JSON.stringify({ Response }))) : Buffer.from(fault.body);
    return { body: packed, headers: { "Content-Type": "application/octet-stream" }, fault };
  }

  /** The fault of a request that is still answered; throws the error if a test wants one instead. */
  private spoil(asked: { action: string; topicId: string; partitionId?: number }): ClsFault {
    const fault = this.cls.faults.next(asked);
    if (fault.status === undefined) return fault;
    throw new ClsError(fault.status, codeOfFault(fault), "a test wanted this request to fail", fault);
  }

  private allowedTopic(request: ServiceRequest, action: string): Topic {
    const principal = this.authenticate(request);
    const topic = this.findTopic(request);
    const resource = `qcs::cls:${topic.region}:uin/${this.account.uin}:topic/${topic.id}`;
    if (this.cam.isAllowed(principal, action, resource)) return topic;
    throw new ClsError(403, "NotAllowed", `the key's role must be allowed ${action} on topic ${topic.id}`);
  }

  private authenticate(request: ServiceRequest): Principal {
    const { cam } = this;
    const token = headerOf(request, "x-cls-token");
    const secretId = verifySignature(request, (id) => cam.keyToVerify(id), token, cam.signatureTimes());
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

/** HTTP statuses of refusals. */
const STATUSES: Readonly<Record<string, number>> = { "ResourceNotFound.PartitionNotExist": 404 };

function asClsError(error: unknown, path: string): ClsError {
  if (error instanceof ClsError) return error;
  if (error instanceof SignatureError) return path === "/pull_log" ? pullRefused(error) : signatureRefused(error);
  if (error instanceof Refusal) return new ClsError(STATUSES[error.code] ?? 400, error.code, error.message);
  throw error;
}

function signatureRefused(error: SignatureError): ClsError {
  if (error.fault === "missing") return new ClsError(400, "MissingAuthorization", error.message);
  if (error.fault === "malformed") return new ClsError(400, "InvalidAuthorization", error.message);
  return new ClsError(401, "Unauthorized", error.message);
}

/** The codes of the error list of 2024. Fact: docs/design/facts/cls-reading.md#pulling. */
function pullRefused(error: SignatureError): ClsError {
  if (error.fault === "missing" || error.fault === "malformed") return signatureRefused(error);
  if (error.fault === "unknown key") return new ClsError(401, "AuthFailure.SecretIdNotFound", error.message);
  if (error.fault === "expired" || error.fault === "not yet valid") {
    return new ClsError(401, "AuthFailure.SignatureExpire", error.message);
  }
  const code = error.fault === "mismatch" ? "AuthFailure.SignatureFailure" : "AuthFailure.TokenFailure";
  return new ClsError(401, code, error.message);
}
