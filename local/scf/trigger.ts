/** A COS trigger of a function. */
export interface CosTrigger {
  /** `<bucket>.cos.<region>.myqcloud.com`. */
  readonly name: string;
  readonly functionName: string;
  readonly bucket: string;
  readonly region: string;
  /** `cos:ObjectCreated:*`, `cos:ObjectCreated:Put`, ... */
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly enabled: boolean;
  readonly qualifier: string;
}

const NAME = /^([^.]+)\.cos\.([^.]+)\.myqcloud\.com$/;
const EVENT =
  /^cos:Object(Created:(\*|Put|Post|Copy|CompleteMultipartUpload|Origin|Replication)|Remove:(\*|Delete|DeleteMarkerCreated)|Restore:(Post|Completed))$/;

/** Reads a trigger's name and description. Throws for what the API would refuse. Fact: provider.md 2.1, runtime.md 1.2. */
export function parseCosTrigger(
  name: string,
  description: string,
  rest: Pick<CosTrigger, "functionName" | "enabled" | "qualifier">,
): CosTrigger {
  const match = NAME.exec(name);
  if (!match) throw new Error(`trigger_name must be <bucket>.cos.<region>.myqcloud.com, got "${name}"`);
  const { event, filter } = JSON.parse(description) as {
    event?: unknown;
    filter?: { Prefix?: unknown; Suffix?: unknown };
  };
  if (typeof event !== "string" || !EVENT.test(event)) {
    throw new Error(`trigger_desc: event must be one of COS's, got ${JSON.stringify(event)}`);
  }
  const prefix = text(filter?.Prefix, "filter.Prefix");
  const suffix = text(filter?.Suffix, "filter.Suffix");
  if (suffix !== "" && !suffix.startsWith(".")) {
    throw new Error(`trigger_desc: filter.Suffix must start with a dot, got "${suffix}"`);
  }
  return { name, bucket: match[1] as string, region: match[2] as string, event, prefix, suffix, ...rest };
}

/** Whether an event on a key of the trigger's bucket fires it: prefix and suffix must both match. */
export function matchesTrigger(trigger: CosTrigger, event: string, key: string): boolean {
  return (
    trigger.enabled &&
    matchesEvent(trigger.event, event) &&
    key.startsWith(trigger.prefix) &&
    key.endsWith(trigger.suffix)
  );
}

/** Whether one event could fire both, which COS refuses. */
export function overlaps(one: CosTrigger, other: CosTrigger): boolean {
  return (
    one.bucket === other.bucket &&
    (matchesEvent(one.event, other.event) || matchesEvent(other.event, one.event)) &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}

function matchesEvent(pattern: string, event: string): boolean {
  return pattern === event || (pattern.endsWith(":*") && event.startsWith(pattern.slice(0, -1)));
}

function text(value: unknown, name: string): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  throw new Error(`trigger_desc: ${name} must be a string, got ${JSON.stringify(value)}`);
}
