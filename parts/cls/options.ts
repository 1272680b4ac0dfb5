import { cut } from "../../rules/functions/encoding/bytes";
import { fail, typeName, type Value } from "../../rules/run/values";
import { type Keys, ResourceArguments } from "../resource-arguments";

const CALL = "res_log_logstore_pull";
const given = new ResourceArguments(CALL);
/** Prefix of an endpoint that is a folder of this machine. */
const LOCAL = "file://";

/** Parameters that are evaluated when the topic is read; queries and keys are constants. */
export const PARAMETERS = [
  "endpoint",
  "ak_id",
  "ak_secret",
  "project",
  "logstore",
  "fields",
  "from_time",
  "to_time",
  "primary_keys",
  "max_retry_back_off",
  "fetch_interval",
  "base_retry_back_off",
] as const;

/** The arguments of `res_log_logstore_pull` by the names of its parameters. */
export type TopicArguments = Readonly<Record<(typeof PARAMETERS)[number], Value>>;

/** A topic, and the table that is built from it. */
export interface TopicOptions extends Keys {
  readonly region: string;
  readonly topicId: string;
  /** Folder of this machine with files in place of topics. */
  readonly folder?: string;
  readonly columns: readonly { readonly field: string; readonly name: string }[];
  /** Fields that identify a row: there is one row per combination of values. Empty for one row per log. */
  readonly keys: readonly string[];
  readonly from: "begin" | "end" | Date;
  /** Undefined if the table is kept up to date. */
  readonly until?: Date;
  readonly intervalMs: number;
  /** Milliseconds for which a failed read is retried. */
  readonly patienceMs: number;
}

/**
 * Reads the arguments. Fails for values that cannot be a topic of CLS; messages never quote the keys.
 *
 * @param region the function's own, for a call without an endpoint
 */
export function readOptions(values: TopicArguments, region: string | undefined): TopicOptions {
  const endpoint = given.optionalText("endpoint", values.endpoint);
  const folder = endpoint.startsWith(LOCAL) ? endpoint.slice(LOCAL.length) : undefined;
  const columns = columnsOf(values.fields);
  given.optionalText("project", values.project);
  given.milliseconds("base_retry_back_off", values.base_retry_back_off);
  const until = timeOf("to_time", values.to_time);
  if (until === "begin") fail(`${CALL} must get end or seconds since 1970 as to_time, got "begin"`, "to_time");
  return {
    region: folder === undefined ? regionOf(endpoint, region) : "",
    topicId: given.text("logstore", values.logstore),
    folder,
    ...given.keys(["ak_id", values.ak_id], ["ak_secret", values.ak_secret], 'with "" for both'),
    columns,
    keys: primaryKeys(values.primary_keys, columns),
    from: timeOf("from_time", values.from_time),
    ...(until instanceof Date && { until }),
    intervalMs: given.milliseconds("fetch_interval", values.fetch_interval),
    patienceMs: given.milliseconds("max_retry_back_off", values.max_retry_back_off),
  };
}

/** CLS's address of a region, or the region itself. */
function regionOf(text: string, own: string | undefined): string {
  if (text === "" && own) return own;
  const named =
    /^(?:https?:\/\/)?([a-z]+(?:-[a-z0-9]+)+)\.cls\.(?:tencentcs|tencentyun)\.com\/?$/.exec(text) ??
    /^([a-z]+(?:-[a-z0-9]+)+)$/.exec(text);
  const rule = "https://<region>.cls.tencentcs.com or a region as endpoint";
  return named?.[1] ?? fail(`${CALL} must get ${rule}, got ${JSON.stringify(cut(text))}`, "endpoint");
}

/** Names of fields; a pair of texts is a field and the name of its column. */
function columnsOf(value: Value): TopicOptions["columns"] {
  const rule = `${CALL} must get a list of names, or of pairs of a field and its column, as fields`;
  if (!Array.isArray(value) || value.length === 0) return fail(`${rule}, got ${typeName(value)}`, "fields");
  return value.map((entry: Value) => {
    if (typeof entry === "string") return { field: entry, name: entry };
    const [field, name] = Array.isArray(entry) && entry.length === 2 ? entry : [];
    if (typeof field === "string" && typeof name === "string") return { field, name };
    return fail(`${rule}, got ${typeName(entry)} among them`, "fields");
  });
}

function primaryKeys(value: Value, columns: TopicOptions["columns"]): string[] {
  if (value === null || value === "") return [];
  const names = Array.isArray(value) ? value : [value];
  return names.map((name: Value) => {
    if (typeof name === "string" && columns.some(({ field }) => field === name)) return name;
    return fail(
      `${CALL} must get names of its fields as primary_keys, got ${typeof name === "string" ? JSON.stringify(cut(name)) : typeName(name)}`,
      "primary_keys",
    );
  });
}

function timeOf(name: "from_time" | "to_time", value: Value): "begin" | "end" | Date {
  if (value === null) return name === "from_time" ? "begin" : "end";
  if (value === "begin" || value === "end") return value;
  const seconds = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  const isNumber = typeof seconds === "bigint" || typeof seconds === "number";
  if (isNumber && Number(seconds) >= 0) return new Date(Number(seconds) * 1000);
  return fail(`${CALL} must get begin, end or seconds since 1970 as ${name}, got ${typeName(value)}`, name);
}
