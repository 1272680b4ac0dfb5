import type { IncomingMessage } from "node:http";
import { jsonObject, notUnderstood } from "../acknowledgement";
import { ApiClient, ApiError } from "../api-client";
import { readCredentials, type Credentials } from "../credentials";
import { clsEndpoint } from "../endpoint";
import { HttpClient, type HttpRequest } from "../http";
import { retryAfter, ThrottledError } from "../retry-after";
import { publicCode, publicMessage, ServiceError } from "../service-error";
import { percentEncode, sign } from "../signature";
import { MessageError, readMessage, type Message } from "./log-group";
import { type ReadError, refusalOf, unknownAnswer } from "./read-error";
import type { TopicReaderOptions } from "./read";
import { SnappyError, unsnappy } from "./snappy";

/** A partition of a topic. */
export interface Partition {
  readonly id: number;
  /** Whether logs are still written to it; not after a split or a merge. */
  readonly isOpen: boolean;
}

/** A request for the logs of a partition. */
export interface PullRequest {
  readonly partition: number;
  /** Undefined to begin at `startTime`. */
  readonly offset?: number;
  /** Seconds since 1970; 0 is the oldest retained log. */
  readonly startTime: number;
  /** Seconds since 1970. */
  readonly endTime?: number;
  readonly query?: string;
}

/** CLS's answer to a {@link PullRequest}. */
export interface PullAnswer {
  /** Undefined at the end of the requested range. */
  readonly nextOffset?: number;
  readonly messages: readonly Message[];
  /** Unpacked bytes of the answer. */
  readonly bytes: number;
  /** CLS's own time, in milliseconds since 1970. */
  readonly serverTime?: number;
}

/** Bytes of logs per request, the same as in the vendor's consumer. */
export const PULL_BYTES = 1024 * 1024;

/** Maximum bytes of an answer, packed and unpacked: a group can have 5 MB, and base64 adds a third. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const CLS = { name: "cls", version: "2020-10-16" };

/** The requests for reading a topic. Failures are `ServiceError`s, or {@link ReadError}s if a retry does not help. */
export class TopicClient {
  readonly #topic: TopicReaderOptions;
  readonly #credentials: () => Credentials;
  readonly #http: HttpClient;
  readonly #api: ApiClient;

  constructor(topic: TopicReaderOptions) {
    this.#topic = topic;
    this.#credentials = topic.credentials ?? readCredentials;
    this.#http = new HttpClient(topic.timeoutMs);
    const { region, timeoutMs } = topic;
    this.#api = new ApiClient({ product: CLS, region, credentials: this.#credentials, timeoutMs });
  }

  /** Closes every socket, including those of requests in progress. */
  close(): void {
    this.#http.close();
    this.#api.close();
  }

  /**
   * CLS's time according to its last answer, in milliseconds since 1970; before the first answer, the time of this machine.
   */
  get now(): number {
    return this.#api.serverTime ?? Date.now();
  }

  /** The topic's partitions, including closed ones. */
  async partitions(signal?: AbortSignal): Promise<Partition[]> {
    const { Partitions } = await this.call("DescribePartitions", {}, signal);
    if (!Array.isArray(Partitions)) throw unknown("DescribePartitions", "a list Partitions", { Partitions });
    return Partitions.map((partition: { PartitionId?: unknown; Status?: unknown } | null) => {
      const { PartitionId: id, Status: status } = partition ?? {};
      if (typeof id !== "number" || (status !== "readwrite" && status !== "readonly")) {
        throw unknown("DescribePartitions", "partitions with PartitionId and Status readwrite or readonly", partition);
      }
      return { id, isOpen: status === "readwrite" };
    });
  }

  /** Calls an action of API 3.0 on the topic. */
  async call(action: string, parameters: object, signal?: AbortSignal): Promise<Record<string, unknown>> {
    try {
      return await this.#api.call(action, { TopicId: this.#topic.topicId, ...parameters }, signal);
    } catch (error) {
      throw this.#refusal(error, `cls:${action}`, this.#api.serverTime);
    }
  }

  /** The logs of a partition from an offset or a time on, at most about {@link PULL_BYTES}. */
  async pull(asked: PullRequest, signal?: AbortSignal): Promise<PullAnswer> {
    const request = this.#sign(asked, signal);
    let serverTime: number | undefined;
    try {
      const response = await this.#http.send(request);
      serverTime = timeOf(response);
      if (response.statusCode !== 200) {
        throw errorOf(request.what, response, await this.#http.explanation(request, response));
      }
      const body = await this.#body(request, response);
      return { ...readAnswer(request.what, body, asked), serverTime };
    } catch (error) {
      throw this.#refusal(error, "cls:pullLogs", serverTime);
    }
  }

  #sign({ partition, offset, startTime, endTime, query }: PullRequest, signal?: AbortSignal): HttpRequest {
    const { topicId, region, network } = this.#topic;
    const endpoint = clsEndpoint({ region, network });
    const credentials = this.#credentials();
    const body = Buffer.from(
      JSON.stringify({
        PartitionId: partition,
        StartOffset: offset ?? -1,
        StartTime: offset === undefined ? startTime : 0,
        ...(endTime !== undefined && { EndTime: endTime }),
        ...(query && { Query: query }),
        Size: PULL_BYTES,
        CompressType: "snappy",
      }),
    );
    const headers: Record<string, string> = { host: endpoint.host, "content-type": "application/json" };
    if (credentials.sessionToken) headers["x-cls-token"] = credentials.sessionToken;
    const authorization = sign(
      { method: "POST", path: "/pull_log", query: { topic_id: topicId }, headers },
      credentials,
    );
    return {
      what: `pulling from partition ${partition} of topic ${topicId}`,
      method: "POST",
      endpoint,
      path: `/pull_log?topic_id=${percentEncode(topicId)}`,
      headers: { ...headers, authorization, "content-length": String(body.byteLength) },
      body,
      signal,
    };
  }

  async #body(request: HttpRequest, response: IncomingMessage): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.#http.body(request, response)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) throw unknown(request.what, `at most ${MAX_ANSWER_BYTES} bytes`, "more");
    }
    return Buffer.concat(chunks);
  }

  #refusal(error: unknown, action: string, serverTime?: number): unknown {
    if (!(error instanceof ServiceError)) return error;
    return refusalOf(error, { what: `topic ${this.#topic.topicId}`, action, serverTime });
  }
}

/** Reads the answer of `/pull_log`. Fact: docs/design/facts/cls-reading.md#pulling. */
function readAnswer(what: string, body: Buffer, { offset }: PullRequest): PullAnswer {
  const text = unpack(what, body);
  const response = jsonObject(text)?.Response as Record<string, unknown> | null | undefined;
  if (typeof response !== "object" || response === null) throw unknown(what, "JSON that holds Response", text);
  if (response.Error) throw apiError(what, response.Error);
  const { NextOffset: next, Message: packed } = response;
  if (typeof next !== "number" || !Number.isSafeInteger(next) || next < -1) {
    throw unknown(what, "a NextOffset of -1 or more", text);
  }
  if (packed !== undefined && packed !== null && !isListOfText(packed)) throw unknown(what, "a list of Message", text);
  const messages = (packed ?? []).map((message) => messageOf(what, message));
  // If there are no logs, the vendor's consumer also interprets 0 as unchanged.
  const stays = next === 0 && messages.length === 0 ? (offset ?? 0) : next;
  if (next !== -1 && offset !== undefined && (stays < offset || (stays === offset && messages.length > 0))) {
    throw unknown(
      what,
      `a NextOffset behind ${offset}, where it holds ${messages.length} messages`,
      `NextOffset ${next}`,
    );
  }
  return { ...(next !== -1 && { nextOffset: stays }), messages, bytes: text.length };
}

/** The text of an answer, compressed with Snappy as requested, or not. */
function unpack(what: string, body: Buffer): string {
  try {
    return unsnappy(body, MAX_ANSWER_BYTES).toString("utf8");
  } catch (error) {
    if (!(error instanceof SnappyError)) throw error;
    const text = body.toString("utf8");
    if (jsonObject(text)) return text;
    throw unknown(what, `a block of Snappy (${error.message})`, text);
  }
}

function messageOf(what: string, packed: string): Message {
  try {
    return readMessage(Buffer.from(packed, "base64"));
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    throw unknown(what, `messages that can be read (${error.message})`, packed);
  }
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function errorOf(what: string, response: IncomingMessage, text: string): ServiceError {
  const { statusCode = 0, headers } = response;
  const requestId = headers["x-cls-requestid"]?.toString();
  const answer = jsonObject(text);
  const inner = (answer?.Response as { Error?: ApiErrorBody } | undefined)?.Error;
  const told = answer?.errorcode ?? inner?.Code;
  const code = publicCode(typeof told === "string" ? told : undefined) ?? `HTTP_${statusCode}`;
  const message = publicMessage(String(answer?.errormessage ?? inner?.Message ?? (text || "no message")));
  const error = `${what} failed with ${code} (HTTP ${statusCode}): ${message}`;
  return new ThrottledError(code, error, statusCode, requestId, retryAfter(headers));
}

interface ApiErrorBody {
  readonly Code?: unknown;
  readonly Message?: unknown;
}

function apiError(what: string, error: unknown): ApiError {
  const { Code, Message } = error as ApiErrorBody;
  const code = publicCode(typeof Code === "string" ? Code : undefined) ?? "UnknownError";
  const message = publicMessage(typeof Message === "string" ? Message : "no message");
  return new ApiError(code, `${what} failed with ${code}: ${message}`, 200);
}

function unknown(what: string, wanted: string, got: unknown): ReadError {
  const text = typeof got === "string" ? got : (JSON.stringify(got) ?? "nothing");
  return unknownAnswer(`${what} must be answered with ${wanted}, got ${notUnderstood(text).got}`, text);
}

/** CLS's time in the headers of an answer, in milliseconds since 1970. */
function timeOf({ headers }: IncomingMessage): number | undefined {
  const time = Date.parse(headers.date ?? "");
  return Number.isNaN(time) ? undefined : time;
}
