import type { JsonSchema } from "./kinds";

const DURATION: JsonSchema = { type: "string", description: "A duration, such as 90s, 10m or 1h30m." };
const RECORD: JsonSchema = {
  anyOf: [{ type: "object" }, { type: "string" }],
  description: "Fields, or the text of a line.",
};
const orMore = (one: JsonSchema): JsonSchema => ({ anyOf: [one, { type: "array", items: one }] });

const ARRIVAL: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    at: { ...DURATION, description: "When they arrive, since the start of the case. Default: at its start." },
    source: { type: "string", description: "Name of the source. Default: the only one." },
    record: { ...orMore(RECORD), description: "A record that arrives." },
    records: { ...orMore(RECORD), description: "Records that arrive together." },
    times: {
      type: "integer",
      minimum: 1,
      maximum: 100_000,
      description: "How often each of them arrives.",
      default: 1,
    },
    age: { ...DURATION, description: "How long before their arrival they were written.", default: "0s" },
  },
};

const EXPECTED: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    kind: { enum: ["first", "more", "recovered", "missing", "returned"], description: "Kind of the alert." },
    at: { ...DURATION, description: "When it is sent, since the start of the case." },
    monitor: { type: "string", description: "Name of the monitor." },
    group: { type: "object", description: "Values of group fields, by field name." },
    others: { type: "boolean", description: "Whether it is about the groups beyond maxGroups." },
    count: { type: "integer", minimum: 0, description: "Number of records that it reports." },
    source: { type: "string", description: "Name of the source." },
    marks: { ...orMore({ enum: ["late", "again"] }), description: "Its marks." },
    to: { ...orMore({ type: "string" }), description: "Its receivers." },
  },
  required: ["kind"],
};

/** Test cases in a definition. `tencent-logs monitor test` reads them and checks them further. */
export const CASES_SCHEMA: JsonSchema = {
  type: "array",
  minItems: 1,
  description: "Test cases of tencent-logs monitor test: arriving records, and all alerts that are sent.",
  items: {
    type: "object",
    additionalProperties: false,
    properties: {
      name: { type: "string", description: "Name of the case: what it shows." },
      start: {
        type: "string",
        description: "When it starts, such as 2026-01-05T10:00:00Z. Default: a Monday morning.",
      },
      in: { type: "array", items: ARRIVAL, description: "What arrives." },
      until: { ...DURATION, description: "How long it lasts. Default: until no further alert is possible." },
      alerts: { type: "array", items: EXPECTED, description: "All alerts that are sent, in order; [] for none." },
    },
    required: ["alerts"],
  },
};
