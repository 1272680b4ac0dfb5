import { cosBucket } from "@cdktf/provider-tencentcloud";
import { appIdOf } from "../account";
import { granteePath, granteeProp, type IGrantee } from "../cam/grantee";
import { REGIONAL_PROPS, type RegionalProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks, shown } from "../errors";
import { Construct, isToken, tfTags, tfText, type IConstruct } from "../framework";
import { Traffic } from "../loops/traffic";
import { physicalName } from "../naming";
import {
  flag,
  freeText,
  identifier,
  instance,
  integer,
  listOf,
  nested,
  oneOf,
  policyPrefix,
  textThat,
} from "../props/kinds";
import { readArgument, readProps, type OptionalProp, type PropTable } from "../props/prop";
import { regionOf, regionOfMade } from "../region";
import { applyRemovalPolicy, removalPolicyProp, type RemovalProps } from "../removal";
import { claimName } from "../unique-names";
import { OBJECT_CREATED, OBJECT_REMOVED, type CosEvent } from "./event";

/** A bucket that stores logs. */
export interface ILogBucket extends IConstruct {
  /** Name of the bucket with its APPID, `name-1250000000`. */
  readonly bucketName: string;
  /** Region of the bucket. */
  readonly region: string;
  /** The underlying resource; undefined for an imported bucket. */
  readonly resource?: cosBucket.CosBucket;
  /** Grants permission to read the objects below a prefix, but not to list them. */
  grantRead(grantee: IGrantee, prefix?: string): void;
  /** Grants permission to write objects below a prefix. */
  grantWrite(grantee: IGrantee, prefix?: string): void;
  /** Grants permission to delete the objects below a prefix. */
  grantDelete(grantee: IGrantee, prefix?: string): void;
}

/** When objects below a prefix are moved or deleted. Set at least one of the two numbers of days. */
export interface LifecycleRule {
  /**
   * Key prefix of the objects that the rule applies to.
   * @default the whole bucket
   */
  readonly prefix?: string;
  /**
   * Days after which objects are deleted, 1 to 3650.
   * @default never
   */
  readonly expirationDays?: number;
  /**
   * Days after which objects move to infrequent access (`STANDARD_IA`): 1 to 3650, and fewer than `expirationDays`.
   * @default never
   */
  readonly infrequentAccessDays?: number;
}

/** Props of a {@link LogBucket}. */
export interface LogBucketProps extends RegionalProps, RemovalProps {
  /**
   * Name of the bucket without the APPID: lower-case letters, digits and `-`. With the APPID it must not be longer than
   * 60 characters.
   * @default the construct's path and a short hash of it
   */
  readonly bucketName?: string;
  /**
   * APPID of the account, ten digits. Every bucket name ends with it.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * When objects are deleted or moved to cheaper storage.
   * @default all objects are deleted after 90 days
   */
  readonly lifecycle?: readonly LifecycleRule[];
  /**
   * Whether `destroy` also deletes the objects in the bucket.
   * @default false
   */
  readonly forceClean?: boolean;
  /**
   * How COS encrypts new objects: `AES256` and `SM4` with keys of COS, `KMS` with a key of KMS.
   * @default not encrypted by COS
   */
  readonly encryption?: BucketEncryption;
  /**
   * Id of the key in KMS; only with `encryption: "KMS"`.
   * @default COS's default key in KMS
   */
  readonly kmsKeyId?: string;
}

/** Fact: docs/design/facts/provider.md#bucket. */
const ENCRYPTIONS = ["AES256", "KMS", "SM4"] as const;

/** How COS encrypts objects: with its own keys (`AES256`, SSE-COS; `SM4`), or with a key in KMS (`KMS`, SSE-KMS). */
export type BucketEncryption = (typeof ENCRYPTIONS)[number];

/** Provider and region of an existing bucket. */
export type LogBucketLocation = Pick<RegionalProps, "provider" | "region">;

const LOCATION: PropTable<LogBucketLocation> = { provider: REGIONAL_PROPS.provider, region: REGIONAL_PROPS.region };

/** Maximum length of a bucket name, and what remains of it before `-<APPID>`. */
const MAX_NAME = 60;
const APP_ID_DIGITS = 10;
const MAX_BASE_NAME = MAX_NAME - APP_ID_DIGITS - 1;

const DEFAULT_LIFECYCLE: readonly LifecycleRule[] = [{ expirationDays: 90 }];

const DAYS = integer({ min: 1, max: 3650, unit: "days" }, "LOGS_LIFECYCLE");

const RULE: PropTable<LifecycleRule> = { prefix: freeText, expirationDays: DAYS, infrequentAccessDays: DAYS };

const lifecycleProp: OptionalProp<readonly LifecycleRule[]> = {
  read(given, path, checks) {
    const rules = listOf(nested(RULE)).read(given, path, checks);
    if (rules !== undefined) checkLifecycle(checks, rules);
    return rules;
  },
};

/** The props of a pipeline for the bucket that it creates. */
export const BUCKET_PROPS: Omit<PropTable<LogBucketProps>, "bucketName"> = {
  ...REGIONAL_PROPS,
  appId: textThat(
    /^[0-9]{10}$/,
    "must have ten digits",
    "copy it from the console, or leave it out to have it read from the account",
    "LOGS_APP_ID",
  ),
  lifecycle: lifecycleProp,
  forceClean: flag,
  removalPolicy: removalPolicyProp,
  encryption: oneOf(ENCRYPTIONS, "leave it out for none", "LOGS_BUCKET_ENCRYPTION"),
  kmsKeyId: identifier,
};

const PROPS: PropTable<LogBucketProps> = {
  bucketName: textThat(
    /^[a-z0-9]([a-z0-9-]{0,47}[a-z0-9])?$/,
    `must have 1 to ${MAX_BASE_NAME} lower-case letters, digits and inner -, without the APPID`,
    "choose another name",
    "LOGS_BUCKET_NAME",
  ),
  ...BUCKET_PROPS,
};

/** A prop that is a bucket. */
export const bucketProp = instance<ILogBucket>(
  "a bucket",
  "make a LogBucket, or LogBucket.fromBucketName for one that exists",
  { texts: ["bucketName", "region"], others: ["grantRead", "grantWrite", "grantDelete"] },
);

/** Base class of both kinds of buckets: grants on their objects. */
abstract class BucketBase extends LogConstruct implements ILogBucket {
  abstract readonly bucketName: string;
  abstract readonly region: string;
  protected abstract readonly appId: string;

  grantRead(grantee: IGrantee, prefix = ""): void {
    this.check(grantee, prefix);
    this.grant(grantee, ["name/cos:GetObject"], prefix);
  }

  grantWrite(grantee: IGrantee, prefix = ""): void {
    this.check(grantee, prefix);
    this.noteChange(grantee, OBJECT_CREATED, prefix);
    this.grant(grantee, ["name/cos:PutObject"], prefix);
  }

  grantDelete(grantee: IGrantee, prefix = ""): void {
    this.check(grantee, prefix);
    this.noteChange(grantee, OBJECT_REMOVED, prefix);
    this.grant(grantee, ["name/cos:DeleteObject"], prefix);
  }

  private check(grantee: IGrantee, prefix: string): void {
    const checks = new Checks(this);
    readArgument(checks, "grantee", granteeProp, grantee);
    readArgument(checks, "prefix", policyPrefix(freeText), prefix);
  }

  private noteChange(grantee: IGrantee, event: CosEvent, prefix: string): void {
    const { bucketName, node } = this;
    const to = { bucketName, event, prefix };
    Traffic.of(this).addWrite({ scope: node.path, writer: granteePath(grantee), to });
  }

  private grant(grantee: IGrantee, action: readonly string[], prefix: string): void {
    const objects = `qcs::cos:${this.region}:uid/${this.appId}:${this.bucketName}/${prefix}*`;
    grantee.addToPolicy({ action, resource: [objects] });
  }
}

/** A private bucket with a lifecycle (`tencentcloud_cos_bucket`). */
export class LogBucket extends BucketBase {
  /** Imports an existing bucket. Pass its name with the APPID. */
  static fromBucketName(scope: Construct, id: string, bucketName: string, props: LogBucketLocation = {}): ILogBucket {
    return new ImportedBucket(scope, id, bucketName, props);
  }

  /** The underlying resource, `tencentcloud_cos_bucket`. */
  readonly resource: cosBucket.CosBucket;
  /** Name of the bucket with its APPID, `name-1250000000`. */
  readonly bucketName: string;
  /** Region of the bucket. */
  readonly region: string;
  protected readonly appId: string;

  constructor(scope: Construct, id: string, given: LogBucketProps = {}) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checkBucket(checks, props);
    checks.throwIfAny();
    const { lifecycle = DEFAULT_LIFECYCLE } = props;

    this.region = regionOfMade(this, props);
    this.appId = appIdOf(this, props);
    const name = props.bucketName ?? physicalName(this, { maxLength: MAX_BASE_NAME });
    // Bucket names are unique across regions.
    claimName(this, { prop: "bucketName", name, within: "its account", whole: [this.appId] });
    this.resource = new cosBucket.CosBucket(this, "Resource", {
      bucket: `${name}-${this.appId}`,
      acl: "private",
      forceClean: props.forceClean ?? false,
      encryptionAlgorithm: props.encryption,
      kmsId: props.kmsKeyId,
      lifecycleRules: lifecycle.map(lifecycleRule),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    applyRemovalPolicy(this.resource, props.removalPolicy);
    // The reference and not the text, so that whatever uses the bucket is created after it.
    this.bucketName = this.resource.bucket;
  }
}

/** Checks the lifecycle rules together. Fact: docs/design/facts/provider.md#bucket. */
function checkLifecycle(checks: Checks, lifecycle: readonly LifecycleRule[]): void {
  checks.that(
    lifecycle.length <= MAX_RULES,
    "LOGS_LIFECYCLE",
    () => `lifecycle must have at most ${MAX_RULES} rules, got ${lifecycle.length}; let a rule speak of more objects`,
  );
  lifecycle.forEach(({ expirationDays, infrequentAccessDays, prefix = "" }, index) => {
    const path = `lifecycle[${index}]`;
    checks
      .that(
        expirationDays !== undefined || infrequentAccessDays !== undefined,
        "LOGS_LIFECYCLE",
        () => `${path} must say what happens, got no days; set expirationDays or infrequentAccessDays`,
      )
      .that(
        isEarlier(infrequentAccessDays, expirationDays),
        "LOGS_LIFECYCLE",
        () =>
          `${path}.infrequentAccessDays must be fewer than expirationDays (${expirationDays}), ` +
          `got ${infrequentAccessDays}; move objects sooner, or only delete them`,
      )
      .that(
        !prefix.startsWith("/"),
        "LOGS_LIFECYCLE",
        () => `${path}.prefix must not begin with /, got ${JSON.stringify(prefix)}; no key does, write it like cls/`,
      );
  });
}

/** Checks props of a bucket that depend on each other. */
export function checkBucket(checks: Checks, props: LogBucketProps): void {
  const { encryption, forceClean, kmsKeyId, removalPolicy } = props;
  checks
    .that(
      removalPolicy !== "retain" || forceClean !== true,
      "LOGS_REMOVAL_POLICY",
      () => 'forceClean must be left out beside removalPolicy "retain", got true; a bucket that is kept is not emptied',
    )
    .that(
      kmsKeyId === undefined || encryption === "KMS" || isToken(encryption),
      "LOGS_BUCKET_ENCRYPTION",
      () => `kmsKeyId must be left out unless encryption is "KMS", got it beside ${shown(encryption)}; add encryption`,
    );
}

/** Maximum number of rules of a bucket. */
const MAX_RULES = 1000;

/** Whether objects are moved before they are deleted, as far as it is known at synth. */
function isEarlier(moved: number | undefined, deleted: number | undefined): boolean {
  if (moved === undefined || deleted === undefined || isToken(moved) || isToken(deleted)) return true;
  return moved < deleted || moved < 1 || deleted < 1;
}

function lifecycleRule(rule: LifecycleRule, index: number): cosBucket.CosBucketLifecycleRules {
  return {
    id: `logs-${index + 1}`,
    filterPrefix: tfText(rule.prefix ?? ""),
    expiration: rule.expirationDays === undefined ? undefined : { days: rule.expirationDays },
    transition:
      rule.infrequentAccessDays === undefined
        ? undefined
        : [{ days: rule.infrequentAccessDays, storageClass: "STANDARD_IA" }],
  };
}

/** Full bucket names that COS accepts; the provider's rule. Fact: docs/design/facts/provider.md#bucket. */
const BUCKET_NAME = /^(?=.{1,60}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{10}$/;

/** The full name of an existing bucket. */
export const bucketNameProp = textThat(
  BUCKET_NAME,
  "must be a bucket's whole name, up to 60 lower-case letters, digits and - with the ten-digit APPID at its end",
  "write it like logs-1250000000",
  "LOGS_BUCKET_NAME",
);

class ImportedBucket extends BucketBase {
  readonly bucketName: string;
  readonly region: string;
  protected readonly appId: string;

  constructor(scope: Construct, id: string, bucketName: string, given: LogBucketLocation) {
    super(scope, id);
    const checks = new Checks(this);
    this.bucketName = readArgument(checks, "bucketName", bucketNameProp, bucketName);
    const props = readProps(checks, LOCATION, given);
    checks.throwIfAny();
    this.region = regionOf(this, props);
    this.appId = isToken(bucketName) ? appIdOf(this, props) : bucketName.slice(-APP_ID_DIGITS);
  }
}
