/** Every key of a definition: its type, its description, and its default. */
import {
  integer,
  list,
  mapped,
  name,
  named,
  NAME,
  object,
  oneOf,
  oneOrMore,
  optional,
  orUnresolved,
  required,
  text,
  textThat,
  withDefault,
  type Kind,
} from "./kinds";
import { MATCH } from "./match";
import { duration, QUIET_HOURS, readMoment, UNTIL, ZONE } from "./time";
import { RECEIVER_FORMATS, SEVERITIES, type Labels, type Mute, type StateLocation } from "./types";

/** Labels that every alert has. */
const OWN_LABELS = ["source", "region"];

const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const anyLabels = named(LABEL_NAME, "must be 1 to 64 letters, digits, _, . and - that begin with a letter", text);

/** Labels given by users; they must not replace those of every alert. */
const givenLabels: Kind<Labels> = mapped(anyLabels, (labels, reading) => {
  const own = OWN_LABELS.find((label) => label in labels);
  if (own === undefined) return labels;
  const remedy = "rename it: every alert has that label already";
  return reading.at(own).report("must be none of source and region", own, { remedy, isKey: true });
});

const DELAYS = duration("1s", "30d");

/** One or several receivers. */
const receivers = oneOrMore(name);

const ROUTE = object({
  to: required("Names of additional receivers.", receivers),
  labels: optional("Sends only alerts with all of these labels, which can include `source` and `region`.", anyLabels),
  fallback: optional("Receiver that is notified if one of `to` has failed for 30 seconds.", name),
});

const ALERT = object({
  to: optional("Names of the receivers of every alert.", receivers),
  also: withDefault("Additional receivers for certain alerts.", list(ROUTE), []),
  severity: withDefault("Severity, shown in messages.", oneOf(SEVERITIES), "warning"),
  fallback: optional("Receiver that is notified if one of `to` has failed for 30 seconds.", name),
});

const fieldValues = named(
  /^[^]+$/,
  "must be the name of a field",
  textThat(/^/, "must be a text", "write it in quotes"),
);

const MUTE: Kind<Mute> = mapped(
  object({
    group: withDefault(
      "Values of group fields, which select the groups to mute. Default: the whole monitor is muted.",
      fieldValues,
      {},
    ),
    ...UNTIL,
  }),
  ({ group, until, zone }, reading) => {
    const moment = readMoment(until, zone, reading.at("until"));
    return moment === undefined ? undefined : { group, until: moment };
  },
);

const SAMPLE = object({
  fields: optional("Fields that an alert shows, in this order. Default: all, in the order of the record.", list(text)),
  around: optional(
    "Number of records before the match, in the same batch, that an alert shows. Default: none.",
    integer(1, 10),
  ),
  redact: withDefault("Fields whose values are masked.", list(text), []),
});

export const MONITOR = object({
  name: required("Unique name of the monitor.", name),
  sources: optional("Names of the sources that it watches. Default: all.", list(name)),
  match: optional("Condition that a record must meet. Set either this or `rules`.", MATCH),
  rules: optional("Rule text. A record that it keeps is a match.", text),
  group: withDefault("Fields whose values define the groups. Default: all matches are one group.", oneOrMore(text), []),
  window: withDefault("Time without a match after which a group is closed.", DELAYS, 600_000, "10m"),
  maxGroups: withDefault(
    "Maximum number of open groups. All further matches are in one group.",
    integer(1, 10_000),
    1000,
  ),
  threshold: optional(
    "Alerts only if a group has this number of records within this time.",
    object({
      count: required("Number of records.", integer(2, 1_000_000)),
      within: required("Duration, by the records' own time.", duration("1s", "1d")),
    }),
  ),
  missing: optional(
    "Alerts if a source has no records at all for this time.",
    object({ for: required("Duration.", duration("2m", "30d")) }),
  ),
  labels: withDefault("Labels of the alerts, which routes select by.", givenLabels, {}),
  alert: required("Who is notified.", ALERT),
  quiet: withDefault("Quiet hours, in which only critical alerts are sent.", list(QUIET_HOURS), []),
  mute: withDefault("Groups that are muted until a time.", list(MUTE), []),
  sample: withDefault(
    "What an alert shows of a record.",
    SAMPLE,
    { fields: undefined, around: undefined, redact: [] },
    {},
  ),
});

/** Id of something in the cloud, which may be known only to the plan. */
const id = orUnresolved(text);

export const TOPIC = {
  topic: required("Id of the topic.", id),
  region: required("Region of the topic, such as ap-guangzhou.", id),
};

export const SOURCE = object({
  ...TOPIC,
  form: withDefault(
    "push: CLS delivers records to a function; pull: a process reads them.",
    oneOf(["push", "pull"] as const),
    "push",
  ),
  logset: optional("Id of the topic's logset; required with pull.", id),
  query: optional(
    "Filter in CLS's processing language, which CLS applies to pulled records. Default: all records are pulled.",
    text,
  ),
  labels: withDefault("Labels of alerts about its records.", givenLabels, {}),
});

/** A secret is given by the name of its variable; a value in its place is not repeated in the error. */
const secret: Kind<string> = {
  schema: {
    type: "object",
    additionalProperties: false,
    properties: { env: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", description: "Name of the variable." } },
    required: ["env"],
  },
  read(given, reading) {
    const { env, ...others } = (typeof given === "object" && given !== null ? given : {}) as { env?: unknown };
    if (typeof env === "string" && /^[A-Za-z_]\w*$/.test(env) && Object.keys(others).length === 0) return env;
    return reading.report("must name the variable that holds it, since it is a secret", given, {
      got: typeof given === "string" ? "a text" : "something else",
      remedy: "write it like { env: ONCALL_URL }",
    });
  },
};

export const RECEIVER = object({
  format: withDefault("Format of messages: that of a bot's service, or JSON.", oneOf(RECEIVER_FORMATS), "json"),
  url: required("Address of the POST requests.", secret),
  signatureKey: optional("Key that requests are signed with.", secret),
  maxPerMinute: optional("Maximum messages per minute. Default: the limit of the service.", integer(1, 6000)),
});

const BUCKET = object({
  bucket: required(
    "Bucket with its APPID, such as logs-1250000000. Versioning must never have been enabled on it.",
    id,
  ),
  region: required("Region of the bucket.", id),
  prefix: withDefault(
    "Key prefix of the state; ends with /.",
    orUnresolved(
      textThat(/^(?!\/).{1,255}(?<=\/)$/, "must end with / and not begin with it", "write it like monitor/"),
    ),
    "monitor/",
  ),
});

/** Where claims and counts are stored. */
export const STATE: Kind<StateLocation> = {
  schema: { anyOf: [{ const: "memory" }, BUCKET.schema] },
  read(given, reading) {
    if (given === "memory") return { type: "memory" };
    if (typeof given === "string") {
      return reading.report("must be memory, or a bucket", given, {
        remedy: "write { bucket, region }, or memory for one process",
      });
    }
    const cos = BUCKET.read(given, reading);
    return cos && { type: "cos", ...cos };
  },
};

const NAME_RULE = "must be 1 to 64 letters, digits, - and _ that begin with a letter";

export const FILE = object({
  $schema: optional("Location of this file's schema, for editors.", text),
  monitors: required("The monitors.", list(MONITOR)),
  sources: required("Topics to watch, by names of your choice.", named(NAME, NAME_RULE, SOURCE)),
  receivers: required("Services that receive alerts, by names of your choice.", named(NAME, NAME_RULE, RECEIVER)),
  state: required("Where the state of alerts is stored: memory for a single process, or a bucket.", STATE),
  records: optional("Topic that stores each alert with the receivers' answers.", object(TOPIC)),
  heartbeat: optional(
    "Sends a heartbeat to a receiver while all sources are read, for a service that notifies you when heartbeats stop.",
    object({ to: required("Name of the receiver.", name), every: required("Interval.", duration("1m", "1d")) }),
  ),
  display: optional(
    "How alerts are displayed.",
    object({
      zone: optional("Time zone of times in alerts. Default: Asia/Shanghai.", ZONE),
      console: optional(
        "Host of the console that alerts link to. Default: console.tencentcloud.com.",
        oneOf(["console.tencentcloud.com", "console.cloud.tencent.com"] as const),
      ),
    }),
  ),
});

/** A definition after reading, before it is checked as a whole: invalid parts are undefined. */
export type ReadFile = NonNullable<ReturnType<typeof FILE.read>>;
export type ReadMonitor = ReadFile["monitors"][number];
