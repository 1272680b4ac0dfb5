import { createHash } from "node:crypto";
import { join } from "node:path";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { wantedOf } from "../tail/names";

export const USAGE = `Usage: tencent-logs backfill STACK/PIPELINE [--prefix KEYS] [--from TIME] [--to TIME] [--missing] [--concurrency N]
                             [--dry-run] [FLAGS]

Has a pipeline's deployed function read what lies in COS already, an invocation for each object. Tells what that costs,
then how far it is, and at the end what became of all. Broken off and started again, it goes on where it was.
Of a stream pipeline, it reads the past of the topic, in processes of this machine: see tencent-logs consume --help.

  --prefix KEYS           objects whose keys begin so; repeat it for several (default: what the function's triggers tell of)
  --suffix END            and end so (default: the triggers')
  --from TIME, --to TIME  those that were written then, from the one and before the other: 24h, 30d, now, 2026-01-31T12:00:00Z
                          (default: all)
  --missing               only objects that left no trace: no output part, no note, no receipt
  --concurrency N         invocations at a time, 1 to 1000; fewer where the function has room for fewer (default: 50)
  --dry-run               tells what would be read, and what it costs
  --journal FILE          what is done, to go on from (default: .tencent-logs/backfill/<function>-<hash of the flags>.jsonl)
  --bucket BUCKET         bucket of the objects, with its APPID (default: the triggers')
  --function NAME         name of the deployed function (default: the plan's)
  --namespace NAME        its namespace (default: the plan's, else default)
  --region REGION         its region, and that of the bucket (default: the stack's)
  --out FOLDER            folder that cdktf synth wrote (default: cdktf.out)
  --json                  writes a JSON object a line: for each input status (done, quarantined, failed or would-read), name,
                          records and reason; at the end status total with done, quarantined, failed, withBatches and records

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN. They need to list the
bucket, to read below the quarantine prefix, and to look at the function and invoke it.
Exits with 1 where something failed or is in quarantine.

Examples:
  tencent-logs backfill logs/Access --dry-run                        # how much there is, and what it would cost
  tencent-logs backfill logs/Access --prefix cls/access/2025/ --concurrency 100
  tencent-logs backfill logs/Access --from 7d --missing              # what no trigger told of in the last week
  tencent-logs backfill logs/AccessStream --from 7d --to 1d          # a topic's past, once more through a stream pipeline
`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  prefix: { type: "string", multiple: true },
  suffix: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  missing: { type: "boolean" },
  concurrency: { type: "string" },
  "dry-run": { type: "boolean" },
  journal: { type: "string" },
  bucket: { type: "string" },
  function: { type: "string" },
  namespace: { type: "string" },
  region: { type: "string" },
  out: { type: "string", default: "cdktf.out" },
  json: { type: "boolean" },
} as const;

/** Arguments of a command line. */
export interface BackfillArguments {
  /** Path of the construct. */
  readonly pipeline: string;
  readonly region: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly prefixes: readonly string[];
  readonly suffix?: string;
  readonly bucket?: string;
  /** Milliseconds since the epoch; undefined if it is not given. */
  readonly from?: number;
  readonly to: number;
  readonly missing: boolean;
  readonly concurrency: number;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  readonly out: string;
  /** Everything that determines the inputs, in short form. */
  readonly asked: string;
  readonly journal: string;
  /** Names of the given flags that do not apply to a topic's past. */
  readonly aboutObjects: readonly string[];
}

/** Flags that do not apply to a topic's past. They have no defaults, so that given ones can be detected. */
const ABOUT_OBJECTS = [
  "prefix",
  "suffix",
  "missing",
  "concurrency",
  "dry-run",
  "journal",
  "bucket",
  "namespace",
  "json",
] as const;

/** Reads a command line; undefined if help is requested. Throws {@link UsageError}. */
export function argumentsOf(args: readonly string[], now = Date.now()): BackfillArguments | undefined {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) return undefined;
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) {
    const got = positionals.join(" ") || "nothing";
    throw new UsageError(`one STACK/PIPELINE must be given, got ${got}; see --help`);
  }
  if (!what.includes("/")) {
    const remedy = "for the past of a topic name the stream pipeline that reads it";
    throw new UsageError(`STACK/PIPELINE must be the path of a construct, got ${what}; ${remedy}`);
  }
  const place = placeOf(what, values);
  const from = values.from === undefined ? undefined : timeOf("--from", values.from, now);
  const to = timeOf("--to", values.to ?? "now", now);
  if (from !== undefined && from >= to) {
    throw new UsageError(`--from must be earlier than --to, got ${values.from} and ${values.to ?? "now"}; see --help`);
  }
  if (to > now) throw new UsageError(`--to must not lie in the future, got ${values.to}; see --help`);
  const concurrency = matching(
    "--concurrency",
    values.concurrency ?? "50",
    /^([1-9]\d{0,2}|1000)$/,
    "must be 1 to 1000",
  );
  const { prefix = [], suffix, bucket, missing = false, out } = values;
  if (bucket !== undefined)
    matching("--bucket", bucket, /^[a-z0-9][a-z0-9-]*-\d{10}$/, "must be a bucket with its APPID");
  // Everything that determines the inputs: a different command line is a different backfill.
  const asked = JSON.stringify([what, place, prefix, suffix, bucket, values.from, values.to, missing]);
  const hash = createHash("sha256").update(asked).digest("hex");
  return {
    ...place,
    pipeline: what.replace(/\/$/, ""),
    aboutObjects: ABOUT_OBJECTS.filter((flag) => values[flag] !== undefined),
    prefixes: prefix,
    suffix,
    bucket,
    from,
    to,
    missing,
    concurrency: Number(concurrency),
    isDryRun: values["dry-run"] ?? false,
    isJson: values.json ?? false,
    out,
    asked: hash,
    journal: values.journal ?? join(".tencent-logs", "backfill", `${place.functionName}-${hash.slice(0, 8)}.jsonl`),
  };
}

type Values = ReturnType<typeof readArguments<typeof FLAGS>>["values"];

/** The function: that of the flags, otherwise the plan's. */
function placeOf(what: string, values: Values) {
  const { function: name, region, out } = values;
  if (region !== undefined)
    matching("--region", region, /^[a-z]{2,4}(-[a-z0-9]+)+$/, "must be a region as ap-guangzhou");
  if (name !== undefined) matching("--function", name, /^[A-Za-z][\w:-]{0,59}$/, "must be a function's name");
  const known = region ?? process.env.TENCENTCLOUD_REGION;
  if (name !== undefined && known) {
    return { functionName: name, namespace: values.namespace ?? "default", region: known };
  }
  const regions = region === undefined ? [] : [region];
  const wanted = wantedOf({ names: [what], regions, namespace: values.namespace ?? "default", out });
  const named = wanted.flatMap((one) => ("name" in one ? [one] : []));
  if (named.length !== 1) {
    const got = named.map((one) => one.name).join(", ");
    throw new UsageError(
      `STACK/PIPELINE must be the path of one pipeline, got ${what}, which holds ${got}; name one of them`,
    );
  }
  const [found] = named;
  return {
    functionName: name ?? found.name,
    namespace: values.namespace ?? found.namespace,
    region: found.region,
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A relative time, or an instant, in milliseconds since the epoch. */
function timeOf(flag: string, text: string, now: number): number {
  if (text === "now") return now;
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (number !== undefined) return now - Number(number) * UNITS[unit];
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`${flag} must be now, a time ago as 24h, or 2026-01-31T12:00:00Z, got "${text}"; see --help`);
}
