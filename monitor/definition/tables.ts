/** All keys of a definition: their values, meanings and defaults. */
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

/** Labels of every alert. */
const OWN_LABELS = ["source", "region"];

const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const anyLabels = named(LABEL_NAME, "must be 1 to 64 letters, digits, _, . and - that begin with a letter", text);

/** Labels that users set; those that every alert has are refused. */
const givenLabels: Kind<Labels> = mapped(anyLabels, (labels, reading) => {
  const own = OWN_LABELS.find((label) => label in labels);
  if (own === undefined) return labels;
  const remedy = "rename it: every alert has that label already";
  return reading.at(own).report("must be none of source and region", own, { remedy, isKey: true });
});

const DELAYS = duration("1s", "30d");

/** One or more receivers to notify. */
const receivers = oneOrMore(name);

const ROUTE = object({
  to: required("Receivers that are told besides, by their names.", receivers),
  labels: optional("Only alerts that carry all of these labels, `source` and `region` among them.", anyLabels),
  fallback: optional("Receiver that is told where one of `to` failed for 30 seconds.", name),
});

const ALERT = object({
  to: optional("Receivers that are told of every alert, by their names.", receivers),
  also: withDefault("Receivers that are told besides, of certain alerts.", list(ROUTE), []),
  severity: withDefault("How bad it is.", oneOf(SEVERITIES), "warning"),
  fallback: optional("Receiver that is told where one of `to` failed for 30 seconds.", name),
});

const fieldValues = named(
  /^[^]+$/,
  "must be the name of a field",
  textThat(/^/, "must be a text", "write it in quotes"),
);

const MUTE: Kind<Mute> = mapped(
  object({
    group: withDefault("Values of group fields whose groups are muted; without any, the monitor is.", fieldValues, {}),
    ...UNTIL,
  }),
  ({ group, until, zone }, reading) => {
    const moment = readMoment(until, zone, reading.at("until"));
    return moment === undefined ? undefined : { group, until: moment };
  },
);

const SAMPLE = object({
  fields: optional("Fields that an alert shows, in this order. Default: all, as they stand in the record.", list(text)),
  around: optional(
    "Records before the matched one, of the same batch, that an alert shows. Default: none.",
    integer(1, 10),
  ),
  redact: withDefault("Fields whose values are masked.", list(text), []),
});

export const MONITOR = object({
  name: required("Name of the monitor, unlike that of any other.", name),
  sources: optional("Names of the sources that it watches. Default: all.", list(name)),
  match: optional("What a record must be like. Either this or `rules`.", MATCH),
  rules: optional("Rule text: a record that it keeps has matched.", text),
  group: withDefault("Fields whose values tell groups apart. Default: all matches are one group.", oneOrMore(text), []),
  window: withDefault("A group is over after this long without a match.", DELAYS, 600_000, "10m"),
  maxGroups: withDefault("Groups that are open at once; the rest of them is one group.", integer(1, 10_000), 1000),
  threshold: optional(
    "Alerts only where so many records of a group lie within so long.",
    object({
      count: required("Records.", integer(2, 1_000_000)),
      within: required("Length of time, by the records' own time.", duration("1s", "1d")),
    }),
  ),
  missing: optional(
    "Alerts where a source has no record at all for so long.",
    object({ for: required("Length of time.", duration("2m", "30d")) }),
  ),
  labels: withDefault("Labels of its alerts.", givenLabels, {}),
  alert: required("Who is told.", ALERT),
  quiet: withDefault("Hours in which nothing below critical is sent.", list(QUIET_HOURS), []),
  mute: withDefault("Groups that nobody is told of for a time.", list(MUTE), []),
  sample: withDefault(
    "What of a record an alert shows.",
    SAMPLE,
    { fields: undefined, around: undefined, redact: [] },
    {},
  ),
});

/** Id of a cloud resource, which can be known only to the plan. */
const id = orUnresolved(text);

export const TOPIC = {
  topic: required("Id of the topic.", id),
  region: required("Region of the topic, like ap-guangzhou.", id),
};

export const SOURCE = object({
  ...TOPIC,
  form: withDefault(
    "push: CLS delivers to a function; pull: a process reads.",
    oneOf(["push", "pull"] as const),
    "push",
  ),
  logset: optional("Id of the topic's logset, which a source that is pulled needs.", id),
  query: optional(
    "Filter in CLS's processing language, applied by CLS to what is pulled. Default: all is pulled.",
    text,
  ),
  labels: withDefault("Labels of alerts about its records.", givenLabels, {}),
});

/** A secret is given by the name of its variable. If a value is given instead, errors do not show it. */
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
  format: withDefault("How the message looks: of the bot of a service, or JSON.", oneOf(RECEIVER_FORMATS), "json"),
  url: required("Address of the POST requests.", secret),
  signatureKey: optional("Key that requests are signed with.", secret),
  maxPerMinute: optional("Messages a minute at most. Default: the limit of the service.", integer(1, 6000)),
});

const BUCKET = object({
  bucket: required("Bucket with its APPID, which was never versioned: logs-1250000000.", id),
  region: required("Region of the bucket.", id),
  prefix: withDefault(
    "Key prefix of all that is kept; ends with /.",
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
  $schema: optional("Where the schema of this file is, for editors.", text),
  monitors: required("What is watched for.", list(MONITOR)),
  sources: required("Topics that are watched, by names of your choice.", named(NAME, NAME_RULE, SOURCE)),
  receivers: required("Services that are told, by names of your choice.", named(NAME, NAME_RULE, RECEIVER)),
  state: required("Where it is kept what was told: memory for one process, or a bucket.", STATE),
  records: optional("Topic that keeps every alert with the receivers' answers.", object(TOPIC)),
  heartbeat: optional(
    "Rings a receiver while all sources are read, for a service that calls when the ringing ends.",
    object({ to: required("Name of the receiver.", name), every: required("How often.", duration("1m", "1d")) }),
  ),
  display: optional(
    "How alerts show times and links.",
    object({
      zone: optional("Time zone of the times that alerts show. Default: Asia/Shanghai.", ZONE),
      console: optional(
        "Host of the console that links open. Default: console.tencentcloud.com.",
        oneOf(["console.tencentcloud.com", "console.cloud.tencent.com"] as const),
      ),
    }),
  ),
});

/** A definition as it was read, before it is checked as a whole. Invalid values are undefined. */
export type ReadFile = NonNullable<ReturnType<typeof FILE.read>>;
export type ReadMonitor = ReadFile["monitors"][number];
