import { Refusal } from "../refusal";

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
  /** The description as given. */
  readonly description: string;
}

const NAME = /^([^.]+)\.cos\.([^.]+)\.myqcloud\.com$/;
const EVENT =
  /^cos:Object(Created:(\*|Put|Post|Copy|CompleteMultipartUpload|Origin|Replication)|Remove:(\*|Delete|DeleteMarkerCreated)|Restore:(Post|Completed))$/;

/**
 * Parses a trigger's name and description. Throws for what the API would refuse. Fact:
 * docs/design/facts/runtime.md#cos-trigger.
 */
export function parseCosTrigger(
  name: string,
  description: string,
  rest: Pick<CosTrigger, "functionName" | "enabled" | "qualifier">,
): CosTrigger {
  const match = NAME.exec(name);
  if (!match) {
    const message = `trigger_name must be <bucket>.cos.<region>.myqcloud.com, got "${name}"`;
    throw new Refusal("InvalidParameterValue.TriggerName", message);
  }
  const { event, filter } = parse(description);
  if (typeof event !== "string" || !EVENT.test(event)) {
    throw new Refusal(
      "InvalidParameterValue.TriggerDesc",
      `trigger_desc: event must be one of COS's, got ${JSON.stringify(event)}`,
    );
  }
  const prefix = text(filter?.Prefix, "filter.Prefix");
  const suffix = text(filter?.Suffix, "filter.Suffix");
  if (suffix !== "" && !suffix.startsWith(".")) {
    throw new Refusal(
      "InvalidParameterValue.TriggerDesc",
      `trigger_desc: filter.Suffix must start with a dot, got "${suffix}"`,
    );
  }
  return { name, bucket: match[1] as string, region: match[2] as string, event, prefix, suffix, description, ...rest };
}

/** Whether an event for a key of the trigger's bucket fires it: prefix and suffix must both match. */
export function matchesTrigger(trigger: CosTrigger, event: string, key: string): boolean {
  return (
    trigger.enabled &&
    matchesEvent(trigger.event, event) &&
    key.startsWith(trigger.prefix) &&
    key.endsWith(trigger.suffix)
  );
}

/** Whether a single event could fire both, which COS refuses. */
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

function parse(description: string): { event?: unknown; filter?: { Prefix?: unknown; Suffix?: unknown } } {
  try {
    return JSON.parse(description) as { event?: unknown };
  } catch (error) {
    const message = `trigger_desc must be JSON: ${(error as Error).message}`;
    throw new Refusal("InvalidParameterValue.TriggerDesc", message);
  }
}

function text(value: unknown, name: string): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  throw new Refusal(
    "InvalidParameterValue.TriggerDesc",
    `trigger_desc: ${name} must be a string, got ${JSON.stringify(value)}`,
  );
}
