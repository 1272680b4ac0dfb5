import { gunzipSync } from "node:zlib";
import { parse } from "protobufjs";
import type { Received } from "./http-server";

/** OTLP's messages, from their documentation, for protobufjs to read requests. */
const REQUEST = parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
    double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Scope { string name = 1; }
  message LogRecord { fixed64 time_unix_nano = 1; fixed64 observed_time_unix_nano = 11; int32 severity_number = 2;
    string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6; fixed32 flags = 8; bytes trace_id = 9;
    bytes span_id = 10; }
  message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message Request { repeated ResourceLogs resource_logs = 1; }`).root.lookupType("Request");

/** A request in OTLP's JSON, from either encoding. */
export function requestIn({ body, headers }: Pick<Received, "body" | "headers">): {
  readonly resourceLogs: readonly object[];
} {
  const bytes = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  if (headers["content-type"] === "application/json") return JSON.parse(bytes.toString()) as never;
  expect(headers["content-type"]).toBe("application/x-protobuf");
  const read = REQUEST.toObject(REQUEST.decode(bytes), { longs: String, arrays: true }) as never;
  return JSON.parse(
    JSON.stringify(read, (name, value: unknown) => {
      const isId = ["traceId", "spanId"].includes(name);
      return isId ? Buffer.from((value as { data: number[] }).data).toString("hex") : value;
    }),
  ) as never;
}
