import { createHash } from "node:crypto";
import { join } from "node:path";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { wantedOf } from "../tail/names";

export const USAGE = `Usage: tencent-logs backfill STACK/PIPELINE [--prefix KEYS] [--from TIME] [--to TIME] [--missing] [--concurrency N]
                             [--dry-run] [FLAGS]

Makes a pipeline's deployed function read objects that are already in COS, with one invocation per object. It shows the
estimated cost first, then its progress, and the results at the end. If it is interrupted, the next run continues there.
For a stream pipeline, it reads past records of the topic in processes on this machine: see tencent-logs consume --help.

  --prefix KEYS           objects whose keys begin with this; repeat it for several (default: those of the function's triggers)
  --suffix END            and end with this (default: the triggers' suffix)
  --from TIME, --to TIME  objects written in this period, excluding its end: 24h, 30d, now, 2026-01-31T12:00:00Z
                          (default: all)
  --missing               only objects without a trace of processing: no output, no note, no receipt
  --concurrency N         concurrent invocations, 1 to 1000; fewer if the function has less concurrency (default: 50)
  --dry-run               shows what would be read, and the cost
  --journal FILE          record of progress, to continue from (default: .tencent-logs/backfill/<function>-<hash of the flags>.jsonl)
  --bucket BUCKET         bucket of the objects, with its APPID (default: the triggers')
  --function NAME         name of the deployed function (default: the plan's)
  --namespace NAME        namespace of the function (default: the plan's, else default)
  --region REGION         region of the function and the bucket (default: the stack's)
  --out FOLDER            output folder of cdktf synth (default: cdktf.out)
  --json                  writes JSON objects, one per line: for each input status (done, quarantined, failed or would-read),
                          name, records and reason; finally status total with done, quarantined, failed, withBatches and records

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN. They need permission to list
the bucket, to read below the quarantine prefix, and to read and invoke the function.
Exits with 1 if something failed or is in quarantine.

Examples:
  tencent-logs backfill logs/Access --dry-run                        # the number of objects and the cost
  tencent-logs backfill logs/Access --prefix cls/access/2025/ --concurrency 100
  tencent-logs backfill logs/Access --from 7d --missing              # objects of the last week whose event was lost
  tencent-logs backfill logs/AccessStream --from 7d --to 1d          # past records of a topic, again through a stream pipeline
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
    const remedy = "for the past of a topic, name the stream pipeline that reads it";
    throw new UsageError(`STACK/PIPELINE must be the path of a construct, got ${what}; ${remedy}`);
  }
  const place = placeOf(what, values);
  const from = values.from === undefined ? undefined : timeOf("--from", values.from, now);
  const to = timeOf("--to", values.to ?? "now", now);
  if (from !== undefined && from >= to) {
    throw new UsageError(`--from must be earlier than --to, got ${values.from} and ${values.to ?? "now"}; see --help`);
  }
  if (to > now) throw new UsageError(`--to must not be in the future, got ${values.to}; see --help`);
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
    matching("--region", region, /^[a-z]{2,4}(-[a-z0-9]+)+$/, "must be a region, such as ap-guangzhou");
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
  throw new UsageError(
    `${flag} must be now, a time ago such as 24h, or 2026-01-31T12:00:00Z, got "${text}"; see --help`,
  );
}
