import { appIdOf, ownerUinOf } from "../account";
import type { IGrantee } from "../cam/grantee";
import type { CommonProps, RegionalProps } from "../common-props";
import { logsetIdOf } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { checkAtSynth } from "../errors";
import { Annotations, isToken, type Construct } from "../framework";
import type { NamedSource } from "./source";

/** What `LogMonitor` keeps in a bucket, and who may. */
interface MonitorState extends RegionalProps {
  readonly bucket: ILogBucket;
  readonly prefix: string;
  readonly appId?: string;
}

/** Lets a function read, write, delete and list what is remembered, and nothing else of the bucket. */
export function grantState(scope: Construct, { bucket, prefix, ...props }: MonitorState, grantee: IGrantee): void {
  bucket.grantRead(grantee, prefix);
  bucket.grantWrite(grantee, prefix);
  bucket.grantDelete(grantee, prefix);
  const { bucketName, region } = bucket;
  const appId = isToken(bucketName) ? appIdOf(scope, props) : bucketName.slice(-10);
  const whole = `qcs::cos:${region}:uid/${appId}:${bucketName}/`;
  // A list is a right on the bucket, or on a prefix of it; which of the two COS asks for nobody has seen.
  // Fact: docs/design/facts/runtime.md#claims-by-objects.
  grantee.addToPolicy({ action: ["name/cos:GetBucket"], resource: [whole, `${whole}${prefix}*`] });
  // Whoever claims something asks once whether the bucket is versioned.
  grantee.addToPolicy({ action: ["name/cos:GetBucketVersioning"], resource: [whole] });
}

/** What a process does that reads by CLS's own consumer groups, on the logset of each topic. */
const GROUP_ACTIONS = [
  ...["CreateConsumerGroup", "ModifyConsumerGroup", "DescribeConsumerGroups"],
  ...["SendConsumerHeartbeat", "CommitConsumerOffsets", "DescribeConsumerOffsets"],
].map((action) => `cls:${action}`);

/** Lets a process read topics by consumer groups. Fact: docs/design/facts/cls-reading.md#pulling. */
export function grantPull(
  scope: Construct,
  sources: readonly NamedSource[],
  props: CommonProps,
  grantee: IGrantee,
): void {
  for (const { name, region, topic } of sources) {
    const resource = `qcs::cls:${region}:uin/${ownerUinOf(scope, props)}`;
    const logset = logsetIdOf(scope, `sources.${name}.topic`, topic);
    grantee.addToPolicy({
      action: ["cls:pullLogs", "cls:DescribePartitions"],
      resource: [`${resource}:topic/${topic.topicId}`],
    });
    grantee.addToPolicy({ action: GROUP_ACTIONS, resource: [`${resource}:logset/${logset}`] });
  }
}

/**
 * Refuses a bucket that is versioned: in one, a claim that must not overwrite another does, and an alert would go out twice.
 * Fact: docs/design/facts/runtime.md#claims-by-objects.
 */
export function refuseVersioned(scope: Construct, { resource }: ILogBucket): void {
  checkAtSynth(scope, (checks) =>
    checks.that(
      resource?.versioningEnableInput !== true,
      "LOGS_MONITOR_VERSIONED",
      () =>
        "bucket must never have been versioned, got one with versioningEnable; where it is, COS lets every writer of an " +
        "object win and two instances would tell the same, leave bucket out, or name another",
    ),
  );
}

/**
 * Warns of a bucket that was brought along and deletes what is old: the claim of a group that stays open for longer would go,
 * and its first alert would be told again.
 */
export function warnOfLifecycle(scope: Construct, { resource }: ILogBucket, prefix: string): void {
  const rules = resource?.lifecycleRulesInput;
  if (!Array.isArray(rules)) return;
  const hit = rules.find(({ expiration, filterPrefix: of = "" }) => {
    const isAbove = prefix.startsWith(of) || (of.startsWith(prefix) && !of.startsWith(`${prefix}quarantine/`));
    return expiration !== undefined && isAbove;
  });
  if (!hit) return;
  Annotations.of(scope).addWarning(
    `bucket deletes what is old below ${JSON.stringify(hit.filterPrefix ?? "")}, where the state lies: a group that is open for ` +
      `longer would be told as new; give its lifecycle other prefixes than ${prefix}, or leave bucket out`,
  );
}
