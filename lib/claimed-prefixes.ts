import { refuse } from "./errors";
import type { IConstruct } from "./framework";

/** A key prefix for the objects of one construct. */
interface PrefixClaim {
  /** The prop that sets the prefix, as the construct's user knows it. */
  readonly prop: string;
  /** Bucket name with its APPID. Equal tokens mean the same bucket. */
  readonly bucketName: string;
  /** The prefix that the user set. @default `fallback` */
  readonly given: string | undefined;
  /** The default prefix, derived from the construct's path. */
  readonly fallback: string;
}

/** The construct that has a prefix, and whether that prefix is the default. */
interface Holder {
  readonly path: string;
  readonly prop: string;
  readonly isDefault: boolean;
}

/** Prefixes by bucket and prefix, for each app. */
const APPS = new WeakMap<IConstruct, Map<string, Holder>>();

/**
 * Returns the prefix for a construct's objects: the given one, or the default. A default prefix is a readable slug of
 * the path, without a hash, so ids such as `AccessLog` and `Access-Log` give the same one. Two constructs that share a
 * default prefix in one bucket would find each other's notes and records, so that is an error. Two constructs that are
 * given the same prefix explicitly are meant to share it. Objects of other apps in the bucket are not visible here.
 */
export function claimPrefix(scope: IConstruct, claim: PrefixClaim): string {
  const { bucketName, fallback, given, prop } = claim;
  const prefix = given ?? fallback;
  const { path, root } = scope.node;
  const holders = APPS.get(root) ?? new Map<string, Holder>();
  APPS.set(root, holders);
  const key = JSON.stringify([bucketName, prefix]);
  const isDefault = given === undefined;
  const other = holders.get(key);
  if (other !== undefined && !isWithin(other.path, path) && (isDefault || other.isDefault)) {
    refuse(
      scope,
      "LOGS_PREFIX_TAKEN",
      `${prop} must be another than ${other.prop} of ${other.path} in the same bucket, got ${JSON.stringify(prefix)} ` +
        `for both; ${isDefault ? `set ${prop}` : `set ${other.prop} there`} to a prefix of its own`,
    );
  }
  holders.set(key, other ?? { path, prop, isDefault });
  return prefix;
}

/** A pipeline passes its prefix on to its own child constructs. */
function isWithin(outer: string, path: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
