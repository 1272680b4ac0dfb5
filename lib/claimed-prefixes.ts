import { refuse } from "./errors";
import type { IConstruct } from "./framework";

/** A key prefix that objects of one construct lie below. */
interface PrefixClaim {
  /** The prop that sets it, as the construct's user knows it. */
  readonly prop: string;
  /** With its APPID. The same token is the same bucket. */
  readonly bucketName: string;
  /** What the user gave. @default `fallback` */
  readonly given: string | undefined;
  /** What is made of the construct's path. */
  readonly fallback: string;
}

/** Who has a prefix, and whether that was somebody's wish. */
interface Holder {
  readonly path: string;
  readonly prop: string;
  readonly isDefault: boolean;
}

/** Prefixes by bucket and prefix, of the app that a construct belongs to. */
const APPS = new WeakMap<IConstruct, Map<string, Holder>>();

/**
 * The prefix that a construct's objects lie below: the one that was given, else the default. A default prefix is a slug of
 * the path, without a hash, so that people can read it; ids like `AccessLog` and `Access-Log` make the same one. Where
 * two share it in one bucket, each would find the other's notes and records, which is refused. Two that were given the
 * same prefix are meant to share it. What other apps keep in the bucket cannot be seen.
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

/** A pipeline hands its prefix on to constructs of its own. */
function isWithin(outer: string, path: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
