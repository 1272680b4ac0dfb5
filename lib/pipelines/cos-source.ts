import type { RegionalProps } from "../common-props";
import { bucketNameProp, bucketProp, LogBucket, type ILogBucket } from "../cos/bucket";
import type { Checks } from "../errors";
import type { Construct } from "../framework";
import { knownAtSynth, listOf, nested, policyPrefix, textThat } from "../props/kinds";
import type { OptionalProp, PropTable } from "../props/prop";
import { suffixProp } from "../scf/cos-event-source";

/** Which objects of a bucket a {@link CosBatchPipeline} reads: what something else than its own shipper writes. */
export interface CosSourceProps {
  /**
   * Bucket that the objects lie in, in the pipeline's region: a construct, or the whole name of one that exists, such as
   * `logs-1250000000`.
   * @default the pipeline's `bucket`, which may be its own
   */
  readonly bucket?: ILogBucket | string;
  /**
   * Start of the objects' keys, such as `cos-access-log/`; an empty text for the whole bucket. Either this or `prefixes`.
   * @default none, where there are prefixes
   */
  readonly prefix?: string;
  /**
   * Starts of keys, where there are several; none begins with another. COS has one trigger for them, on what they have in
   * common, and the function leaves alone what else that tells of: prefixes of one folder cost nothing besides.
   * @default none, where there is a prefix
   */
  readonly prefixes?: readonly string[];
  /**
   * End of the objects' keys; begins with a dot.
   * @default any
   */
  readonly suffix?: string;
}

/** The objects that a pipeline reads. */
export interface CosSource {
  /** The bucket that they lie in. */
  readonly bucket: ILogBucket;
  /** Starts of their keys, one at least. */
  readonly prefixes: readonly string[];
  /** End of their keys. @default any */
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

/** Checks what the props of a source say together. */
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

/** The first prefix that covers another one, and that. */
function overlapOf(prefixes: readonly string[]): readonly [string, string] | undefined {
  for (const [index, one] of prefixes.entries()) {
    const other = prefixes.find((each, at) => at !== index && each.startsWith(one));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** The bucket that a source names; none where it names none. Made once: a bucket of a name is a construct. */
export function bucketOf(
  scope: Construct,
  { bucket }: CosSourceProps,
  location: Pick<RegionalProps, "provider" | "region">,
): ILogBucket | undefined {
  const { provider, region } = location;
  if (typeof bucket !== "string") return bucket;
  return LogBucket.fromBucketName(scope, "SourceBucket", bucket, { provider, region });
}

/** The prefixes that a source names, one or several. */
export function prefixesOf({ prefix = "", prefixes = [prefix] }: CosSourceProps): readonly string[] {
  return prefixes;
}

/** What all prefixes begin with: SCF names a COS trigger by its bucket, so that a function has one of each bucket. */
export function commonStart([first, ...others]: readonly string[]): string {
  let end = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, end))) end--;
  return first.slice(0, end);
}
