import type { BrokerFault } from "../../functions/support/kafka-broker";
import type { ProxyFault } from "./fault-proxy";

/** Where records are written: each kind of output, a webhook in each of its formats, OTLP in each of its encodings. */
export type WriteKind =
  | "cos"
  | "parquet"
  | "cls"
  | "json"
  | "wecom"
  | "dingtalk"
  | "feishu"
  | "slack"
  | "ckafka"
  | "elasticsearch"
  | "otlp-protobuf"
  | "otlp-json";

/** A fault of a destination, in HTTP and in Kafka's protocol. */
export interface WriteFault {
  readonly name: string;
  /** `refused`: the connection is refused. */
  readonly http: ProxyFault | "refused" | ((kind: WriteKind) => ProxyFault);
  readonly kafka: BrokerFault | "refused";
  /** What fails: writing, or the removal of notes. @default writing */
  readonly of?: "DELETE";
}

const REQUEST_TIMED_OUT = 7;
const MESSAGE_TOO_LARGE = 10;
const THROTTLING_QUOTA_EXCEEDED = 89;

/** Answers with HTTP 200 of services that did not do what was requested. */
const ERROR_INSIDE: Readonly<Record<Exclude<WriteKind, "ckafka" | "parquet">, string>> = {
  cos: "<?xml version='1.0'?><Error><Code>InternalError</Code><Message>try again</Message></Error>",
  cls: '{"errorcode":"InternalServerError","errormessage":"try again"}',
  json: "<!DOCTYPE html><html><body>Bad gateway</body></html>",
  wecom: '{"errcode":-1,"errmsg":"system busy"}',
  dingtalk: '{"status":1111,"punish":"deny"}',
  feishu: '{"StatusCode":11232,"StatusMessage":"too many requests"}',
  slack: "error code: 502",
  elasticsearch: '{"items":[{"create":{"status":201}}]}',
  "otlp-protobuf": '{"error":"try again"}',
  "otlp-json": '{"error":"try again"}',
};

/** Every fault of the grid. */
export const WRITE_FAULTS: readonly WriteFault[] = [
  { name: "refused", http: "refused", kafka: "refused" },
  {
    name: "reset before the body",
    http: { type: "reset", isDone: false },
    kafka: { isStored: false, answer: "reset" },
  },
  { name: "reset after the body", http: { type: "reset", isDone: true }, kafka: { isStored: true, answer: "reset" } },
  {
    name: "a server's error after accepting",
    http: { type: "answer", isDone: true, status: 503 },
    kafka: { isStored: true, answer: REQUEST_TIMED_OUT },
  },
  {
    name: "a success with an error inside",
    http: (kind) => ({
      type: "answer",
      isDone: false,
      status: 200,
      headers: { "content-type": kind === "json" ? "text/html" : "application/json" },
      body: ERROR_INSIDE[kind === "parquet" ? "cos" : (kind as "cos")],
    }),
    kafka: { isStored: false, answer: "no partition" },
  },
  {
    name: "a stall of the status",
    http: { type: "stall", isDone: false, of: "status" },
    kafka: { isStored: false, answer: "nothing" },
  },
  {
    name: "a stall of the body",
    http: { type: "stall", isDone: true, of: "body" },
    kafka: { isStored: true, answer: "nothing" },
  },
  {
    name: "too large",
    http: { type: "answer", isDone: false, status: 413 },
    kafka: { isStored: false, answer: MESSAGE_TOO_LARGE },
  },
  {
    name: "too many requests until a date",
    http: () => ({
      type: "answer",
      isDone: false,
      status: 429,
      headers: { "retry-after": new Date(Date.now() + 1_500).toUTCString() },
    }),
    kafka: { isStored: false, answer: THROTTLING_QUOTA_EXCEEDED },
  },
  { name: "half an answer", http: { type: "half", isDone: true }, kafka: { isStored: true, answer: "half" } },
  {
    name: "a stall of DELETE",
    http: { type: "stall", isDone: false, of: "status" },
    kafka: { isStored: false, answer: "nothing" },
    of: "DELETE",
  },
];
