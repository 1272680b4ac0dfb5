import { CLS_STORED, jsonObject, requireAcknowledged } from "../tencent/acknowledgement";
import { builtin } from "../tencent/builtin";
import { readCredentials } from "../tencent/credentials";
import { clsEndpoint } from "../tencent/endpoint";
import { publicCode, ServiceError } from "../tencent/service-error";
import { percentEncode, sign } from "../tencent/signature";
import type { LiveSettings } from "./settings";
import type { WireAnswer, WireRequest } from "./wire";

/** The topic that records are sent to. */
export type LiveTopic = Pick<LiveSettings, "topic" | "region" | "network">;

/** Log lines resemble each other: a higher level costs time and saves next to nothing. */
const DEFLATE_LEVEL = 3;

/** Uploads a `LogGroupList`. Fact: docs/design/facts/runtime.md#uploading-logs. */
export function uploadRequest({ topic, region, network }: LiveTopic, records: Buffer): WireRequest {
  const body = builtin("node:zlib").deflateRawSync(records, { level: DEFLATE_LEVEL });
  const endpoint = clsEndpoint({ region, network });
  const credentials = readCredentials();
  const headers: Record<string, string> = {
    host: endpoint.host,
    "content-type": "application/x-protobuf",
    "x-cls-compress-type": "deflate",
  };
  if (credentials.sessionToken) headers["x-cls-token"] = credentials.sessionToken;
  const query = { topic_id: topic };
  const authorization = sign({ method: "POST", path: "/structuredlog", query, headers }, credentials);
  return {
    what: `POST cls://${topic}`,
    method: "POST",
    endpoint,
    path: `/structuredlog?topic_id=${percentEncode(topic)}`,
    headers: { ...headers, authorization, "content-length": String(body.byteLength) },
    body,
  };
}

/** @throws ServiceError unless CLS confirms that it has stored the records */
export function requireStored(what: string, { status, headers, text }: WireAnswer): void {
  const id = headers["x-cls-requestid"]?.toString();
  if (status === 200)
    return requireAcknowledged(what, CLS_STORED, { statusCode: status, headers, text, isWhole: true }, id);
  const { errorcode } = jsonObject(text) ?? {};
  const code = publicCode(typeof errorcode === "string" ? errorcode : undefined) ?? `HTTP_${status}`;
  throw new ServiceError(code, `${what} failed with ${code} (HTTP ${status})`, status, id);
}
