import type { RegionalProps } from "../common-props";
import { bucketNameProp, bucketProp, LogBucket, type ILogBucket } from "../cos/bucket";
import type { Checks } from "../errors";
import type { Construct } from "../framework";
import { knownAtSynth, listOf, nested, policyPrefix, textThat } from "../props/kinds";
import type { OptionalProp, PropTable } from "../props/prop";
import { suffixProp } from "../scf/cos-event-source";

/** The objects that a {@link CosBatchPipeline} reads if they are written by something other than its own shipper. */
export interface CosSourceProps {
  /**
   * Bucket that contains the objects, in the pipeline's region: a construct, or the full name of an existing bucket,
   * such as `logs-1250000000`.
   * @default the pipeline's `bucket`
   */
  readonly bucket?: ILogBucket | string;
  /**
   * Prefix of the objects' keys, such as `cos-access-log/`; an empty string for the whole bucket. Up to 255 characters,
   * not beginning with `/`, without `*` and `?`. Set either this or `prefixes`.
   * @default none, if `prefixes` is set
   */
  readonly prefix?: string;
  /**
   * Prefixes of the objects' keys; none may begin with another. A single COS trigger covers their common prefix, and
   * the function ignores events for other objects below it. Prefixes in the same folder therefore cost nothing extra.
   * @default none, if `prefix` is set
   */
  readonly prefixes?: readonly string[];
  /**
   * Suffix of the objects' keys; begins with a dot.
   * @default any
   */
  readonly suffix?: string;
}

/** The objects that a pipeline reads. */
export interface CosSource {
  /** Bucket that contains the objects. */
  readonly bucket: ILogBucket;
  /** Prefixes of their keys, at least one. */
  readonly prefixes: readonly string[];
  /** Suffix of their keys. @default any */
  readonly suffix?: string;
}

const keyStart = policyPrefix(
  textThat(
    /^(?!\/)[^]{0,255}$/,
    "must have up to 255 characters and not begin with /",
    "no key begins with it, write it like logs/",
    "LOGS_SOURCE_PREFIX",
  ),
);

/** A bucket, or the name of one. */
const bucketOrName: OptionalProp<ILogBucket | string> = {
  read: (given, path, checks) => (typeof given === "string" ? bucketNameProp : bucketProp).read(given, path, checks),
};

const PROPS: PropTable<CosSourceProps> = {
  bucket: bucketOrName,
  prefix: keyStart,
  prefixes: listOf(knownAtSynth(keyStart)),
  suffix: suffixProp,
};

/** The prop `source` of pipelines. */
export const cosSourceProp: OptionalProp<CosSourceProps> = nested(PROPS);

/** Checks the props of a source together. */
export function checkCosSource(checks: Checks, { prefix, prefixes }: CosSourceProps): void {
  checks.that(
    prefix !== undefined || prefixes !== undefined,
    "LOGS_SOURCE_PREFIX",
    () =>
      'source.prefix or source.prefixes must be given, got neither; name the folder that is read, or "" for the whole bucket',
  );
  checks.that(
    prefix === undefined || prefixes === undefined,
    "LOGS_SOURCE_PREFIX",
    () => "source.prefix and source.prefixes must not be given both, got both; keep prefixes for several folders",
  );
  checks.that(
    prefixes?.length !== 0,
    "LOGS_SOURCE_PREFIX",
    () => 'source.prefixes must hold one at least, got none; name the folders that are read, or set prefix to ""',
  );
  const overlap = overlapOf(prefixes ?? []);
  checks.that(
    overlap === undefined,
    "LOGS_SOURCE_PREFIX",
    () =>
      `source.prefixes must not begin with each other, got ${JSON.stringify(overlap)}; ` +
      `leave out ${JSON.stringify(overlap?.[1])}, whose objects the other one covers`,
  );
}

/** The first prefix that covers another one, and the covered one. */
function overlapOf(prefixes: readonly string[]): readonly [string, string] | undefined {
  for (const [index, one] of prefixes.entries()) {
    const other = prefixes.find((each, at) => at !== index && each.startsWith(one));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/**
 * Returns the bucket that a source names; undefined if it names none. Call it once, because importing a bucket by name
 * creates a construct.
 */
export function bucketOf(
  scope: Construct,
  { bucket }: CosSourceProps,
  location: Pick<RegionalProps, "provider" | "region">,
): ILogBucket | undefined {
  const { provider, region } = location;
  if (typeof bucket !== "string") return bucket;
  return LogBucket.fromBucketName(scope, "SourceBucket", bucket, { provider, region });
}

/** The prefixes of a source, one or several. */
export function prefixesOf({ prefix = "", prefixes = [prefix] }: CosSourceProps): readonly string[] {
  return prefixes;
}

/**
 * The common start of all prefixes. SCF identifies a COS trigger by its bucket, so a function has only one trigger per
 * bucket.
 */
export function commonStart([first, ...others]: readonly string[]): string {
  let end = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, end))) end--;
  return first.slice(0, end);
}
