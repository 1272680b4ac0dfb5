import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import {
  ClsMember,
  type ConsumedTopic,
  type GroupMember,
  KafkaMember,
  type LostChoice,
  type MemberEvent,
  type Start,
} from "../../functions/consume";
import type { KafkaConsumerPart } from "../../functions/consume/kafka/kafka-part";
import { loadBeside } from "../../functions/runtime/loader";
import type { Network } from "../../functions/settings";
import type { Credentials } from "../../functions/tencent/credentials";
import { partsFolder } from "../../lib/packaging/built-files";
import { matching } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";

/** Topics that one member reads: in one logset, or on one set of brokers. */
export interface MemberTopics {
  readonly region: string;
  readonly logsetId: string;
  readonly topics: readonly ConsumedTopic[];
}

/** How topics are read. */
export interface Reading {
  readonly group: string;
  readonly consumer: string;
  readonly start: Start;
  readonly onLost: LostChoice;
  readonly until?: Date;
  readonly sessionSeconds: number;
  readonly network: Network;
  /** Brokers for Kafka's protocol; empty for CLS's own groups. */
  readonly brokers: readonly string[];
  readonly allowPlaintext: boolean;
  readonly credentials: () => Credentials;
}

/** Creates a member of a group. @param known positions that its earlier instances committed */
export function openMember(
  { region, logsetId, topics }: MemberTopics,
  reading: Reading,
  tell: (event: MemberEvent) => Promise<void> | void,
  known: Map<string, number>,
): GroupMember {
  const { brokers } = reading;
  if (brokers.length === 0) return new ClsMember({ ...reading, region, logsetId, topics, tell, known });
  const filtered = topics.find(({ query }) => query !== undefined);
  if (filtered) {
    throw new UsageError(`sources.${filtered.name}.query must be left out with --kafka, whose brokers do not filter; leave out one of them`); // prettier-ignore
  }
  const part = loadBeside("out-kafka.js", partsFolder()) as KafkaConsumerPart;
  return new KafkaMember({ ...reading, username: logsetId, topics, tell, part });
}

/** Flags for reading topics. */
export const READING_FLAGS = {
  group: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "on-lost": { type: "string", default: "begin" },
  session: { type: "string", default: "6" },
  network: { type: "string", default: "public" },
  kafka: { type: "string", multiple: true },
  "allow-plaintext": { type: "boolean", default: false },
} as const;

export const READING_USAGE = `  --group NAME            name of the consumer group: letters, digits, - and _
  --from begin|end|TIME   where a group without a position starts: 24h, 2026-01-31T12:00:00Z (default: end)
  --to TIME               stops when all earlier records of every partition are processed: now, 10m, 2026-01-31T12:00:00Z
  --on-lost CHOICE        where to continue if CLS no longer has the position: begin, end or fail (default: begin)
  --session SECONDS       time without a heartbeat after which other members take over the partitions, 6 to 3600 (default: 6)
  --network NAME          public or intranet (default: public)
  --kafka HOST:PORT       uses the Kafka protocol, with a permanent key; repeat it for several brokers
  --allow-plaintext       allows sending the key unencrypted to a broker with a public address`;

/** Values of {@link READING_FLAGS}. */
export interface ReadingValues {
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  readonly "on-lost": string;
  readonly session: string;
  readonly network: string;
  readonly kafka?: readonly string[];
  readonly "allow-plaintext": boolean;
}

/** Reads the flags. Throws {@link UsageError}. @param group default if no flag names one */
export function readingOf(values: ReadingValues, group: string, credentials: () => Credentials): Reading {
  const session = Number(matching("--session", values.session, /^\d{1,4}$/, "must be 6 to 3600 seconds"));
  if (session < 6 || session > 3600)
    throw new UsageError(`--session must be 6 to 3600 seconds, got ${session}; see --help`);
  const brokers = (values.kafka ?? []).map((broker) =>
    matching("--kafka", broker, /^\S+:\d{1,5}$/, "must be HOST:PORT"),
  );
  const to = values.to === undefined ? undefined : values.to === "now" ? new Date() : timeOf("--to", values.to);
  return {
    group: matching(
      "--group",
      values.group ?? group,
      /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/,
      "must be letters, digits, - and _",
    ),
    consumer: `${hostname()
      .replace(/[^A-Za-z0-9-]/g, "-")
      .replace(/^[^A-Za-z]/, "h")
      // Containers can have the same name, and each of them is process 1.
      .slice(0, 60)}-${process.pid}-${randomBytes(3).toString("hex")}`,
    start: startOf(values.from ?? "end"),
    onLost: matching("--on-lost", values["on-lost"], /^(begin|end|fail)$/, "must be begin, end or fail") as LostChoice,
    until: to,
    sessionSeconds: session,
    network: matching("--network", values.network, /^(public|intranet)$/, "must be public or intranet") as Network,
    brokers,
    allowPlaintext: values["allow-plaintext"],
    credentials,
  };
}

function startOf(text: string): Start {
  return text === "begin" || text === "end" ? text : timeOf("--from", text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A relative time, or an instant. */
function timeOf(flag: string, text: string): Date {
  const [, number, unit] = /^-?(\d+)([smhd])$/.exec(text) ?? [];
  if (number !== undefined) return new Date(Date.now() - Number(number) * UNITS[unit]);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(NaN);
  if (!Number.isNaN(time.getTime())) return time;
  const words = flag === "--from" ? "begin, end, " : "now, ";
  throw new UsageError(
    `${flag} must be ${words}a time ago such as 10m, or 2026-01-31T12:00:00Z, got "${text}"; see --help`,
  );
}
