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

/** A bucket that logs lie in. */
export interface ILogBucket extends IConstruct {
  /** With its APPID, `name-1250000000`. */
  readonly bucketName: string;
  /** The bucket's region. */
  readonly region: string;
  /** The plain resource; none where the bucket was brought along. */
  readonly resource?: cosBucket.CosBucket;
  /** Lets a function read the objects below a prefix; it may not list them. */
  grantRead(grantee: IGrantee, prefix?: string): void;
  /** Lets a function write the objects below a prefix. */
  grantWrite(grantee: IGrantee, prefix?: string): void;
  /** Lets a function delete the objects below a prefix. */
  grantDelete(grantee: IGrantee, prefix?: string): void;
}

/** When objects below a prefix are moved or deleted. */
export interface LifecycleRule {
  /**
   * Key prefix that the rule is for.
   * @default the whole bucket
   */
  readonly prefix?: string;
  /**
   * Days after which objects are deleted, at least 1.
   * @default never
   */
  readonly expirationDays?: number;
  /**
   * Days after which objects move to infrequent access (`STANDARD_IA`), at least 1.
   * @default never
   */
  readonly infrequentAccessDays?: number;
}

/** Props of a {@link LogBucket}. */
export interface LogBucketProps extends RegionalProps, RemovalProps {
  /**
   * Without the APPID: lower-case letters, digits and `-`, up to 60 characters together with it.
   * @default the construct's path and a short hash of it
   */
  readonly bucketName?: string;
  /**
   * APPID of the account, ten digits: the end of every bucket's name.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * When objects are deleted or moved to cheaper storage.
   * @default all objects are deleted after 90 days
   */
  readonly lifecycle?: readonly LifecycleRule[];
  /**
   * Whether `destroy` also deletes what lies in the bucket.
   * @default false
   */
  readonly forceClean?: boolean;
  /**
   * How COS encrypts what is stored from now on: `AES256` and `SM4` with keys of COS, `KMS` with one of the account's.
   * @default not encrypted by COS
   */
  readonly encryption?: BucketEncryption;
  /**
   * Id of the key in KMS; only beside `encryption: "KMS"`.
   * @default COS's own key in KMS
   */
  readonly kmsKeyId?: string;
}

/** Fact: docs/design/facts/provider.md#bucket. */
const ENCRYPTIONS = ["AES256", "KMS", "SM4"] as const;

/** How COS encrypts objects: with a key of its own (`AES256`, SSE-COS) or with one in KMS (`KMS`, SSE-KMS). */
export type BucketEncryption = (typeof ENCRYPTIONS)[number];

/** Where a bucket is that exists already. */
export type LogBucketLocation = Pick<RegionalProps, "provider" | "region">;

const LOCATION: PropTable<LogBucketLocation> = { provider: REGIONAL_PROPS.provider, region: REGIONAL_PROPS.region };

/** Longest bucket name, and what is left of it for the part before `-<APPID>`. */
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

/** The props that a pipeline has for the bucket that it makes. */
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

/** What buckets of both kinds do: grants on the objects in them. */
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
  /** A bucket that exists already; its name with the APPID. */
  static fromBucketName(scope: Construct, id: string, bucketName: string, props: LogBucketLocation = {}): ILogBucket {
    return new ImportedBucket(scope, id, bucketName, props);
  }

  /** The plain resource, `tencentcloud_cos_bucket`. */
  readonly resource: cosBucket.CosBucket;
  readonly bucketName: string;
  /** The bucket's region. */
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
    // The name of a bucket is one of its own wherever it lies.
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
    // The reference, not the text: what uses the bucket is made after it.
    this.bucketName = this.resource.bucket;
  }
}

/** Checks what rules say together. Fact: docs/design/facts/provider.md#bucket. */
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

/** Checks what the props of a bucket say together. */
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

/** Rules of one bucket. */
const MAX_RULES = 1000;

/** Whether objects are moved before they are deleted, as far as synth knows. */
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

/** What COS takes for a whole bucket name; the provider's rule. Fact: docs/design/facts/provider.md#bucket. */
const BUCKET_NAME = /^(?=.{1,60}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{10}$/;

/** The whole name of a bucket that exists. */
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
