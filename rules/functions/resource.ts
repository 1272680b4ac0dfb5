import { group } from "./define";
import type { Thunk } from "../run/implementation";
import { tryParseJson } from "../run/json";
import { fail, typeName } from "../run/values";

/** How `res_local` parses a variable. */
export const LOCAL_TYPES = ["auto", "JSON", "raw"];

/**
 * Names of variables that contain keys: secrets of the pipeline, and those of the function's role, which SCF sets
 * (docs/design/facts/runtime.md#environment-variables). Values that a rule reads end up in records.
 */
const KEYS = /^(?:LOGS_SECRET_|TENCENTCLOUD_|QCLOUD_)/i;

export const READABLE = "the name of a variable that is no key, as LOGS_SECRET_*, TENCENTCLOUD_* and QCLOUD_* are";
export const READABLE_REMEDY = "give the function what rules may read as environment, under a name of your own";

/** Whether `res_local` is allowed to read a variable. */
export function isReadable(name: string): boolean {
  return !KEYS.test(name);
}

/** Data that rules read in addition to events. Objects in COS are in the part `cos`. */
export const RESOURCE = group("Resource", {
  res_local: {
    parameters: 'param:variable, default=None, type:local-type="auto"',
    doc:
      "a variable of the function's environment. `auto` gives the value of its JSON, or its text if it is not " +
      "JSON; `JSON` gives the default if it is not JSON; `raw` gives the text. The default if the variable is " +
      "not set. Keys cannot be read: `LOGS_SECRET_*`, `TENCENTCLOUD_*`, `QCLOUD_*`.",
    stable: true,
    thunk: (call): Thunk => {
      const type = call.constant("type");
      if (type !== "auto" && type !== "JSON" && type !== "raw") {
        fail(
          `res_local must get auto, JSON or raw as type, got ${typeof type === "string" ? type.slice(0, 100) : typeName(type)}`,
          "type",
        );
      }
      const fallback = call.argument("default").evaluate;
      const name = call.derive(call.argument("param"), (value) => {
        if (typeof value !== "string") return fail(`res_local must get a name as param, got ${typeName(value)}`);
        if (isReadable(value)) return value;
        return fail(`res_local must get ${READABLE}, got ${value.slice(0, 100)}; ${READABLE_REMEDY}`);
      });
      return (event, run) => {
        const key = name(event, run);
        const text = Object.hasOwn(run.environment, key) ? run.environment[key] : undefined;
        if (text === undefined) return fallback(event, run);
        if (type === "raw") return text;
        const value = tryParseJson(text);
        if (value !== undefined) return value;
        return type === "auto" ? text : fallback(event, run);
      };
    },
  },

  res_rds_mysql: {
    parameters:
      'address, username, password, database, table=None, sql=None, fields=None, fetch_include_data=None, fetch_exclude_data=None, refresh_interval=0, base_retry_back_off=1, max_retry_back_off=60, primary_keys=None, use_ssl:bool?=False, update_time_key=None, deleted_flag_key=None, connector="mysql"',
    kind: "expression",
    refused: {
      reason: "a database is not reached from a function here",
      remedy: "export the table into an object and use tab_parse_csv(res_oss_file(...))",
    },
  },

  res_log_logstore_pull: {
    parameters:
      'endpoint, ak_id, ak_secret, project, logstore, fields, from_time="begin", to_time="end", fetch_include_data=None, fetch_exclude_data=None, primary_keys=None, upsert_data=None, delete_data=None, max_retry_back_off=60, fetch_interval=2, base_retry_back_off=1',
    doc:
      "the logs of a CLS topic as a table of `fields`: names, or pairs of a field and its column. It is read " +
      "before the first event; new logs are read at the first invocation after each `fetch_interval` " +
      "(seconds), unless `to_time` is a time. `logstore` is the topic's id; `project` is not needed. The " +
      "endpoint is `https://<region>.cls.tencentcs.com`, a region, or empty for the function's own region. " +
      "With empty keys, the function's role is used. With `primary_keys` there is one row for each of their " +
      "values, which logs that match `delete_data` remove and those that match `upsert_data` set. Times are " +
      "those of receipt by CLS. An endpoint `file:///folder` reads a file of this machine, with one JSON " +
      "object per line. Failures are retried for `max_retry_back_off` seconds.",
    noneIsDefault: true,
    stable: true,
    part: "cls",
  },

  res_oss_file: {
    parameters:
      'endpoint, ak_id=None, ak_key=None, bucket, file, format:object-format="text", change_detect_interval=0, base_retry_back_off=1, max_retry_back_off=60, encoding:readable="utf8", error:error-mode="ignore", decompress:decompression=None',
    doc:
      "the content of an object in COS, as text or, for `binary`, as bytes. It is read before the first event, " +
      "and again at the first invocation after each interval (seconds; 0: never) if its ETag has changed. The " +
      "endpoint is `https://cos.<region>.myqcloud.com`, a region, or empty for the function's own region. " +
      "Without keys, the function's role is used. A bucket `file:///folder` reads a file of this machine. " +
      "Failures are retried three times, after the back-off and then twice as long each time.",
    noneIsDefault: true,
    stable: true,
    part: "cos",
  },
});
