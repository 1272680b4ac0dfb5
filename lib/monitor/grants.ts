import { appIdOf, ownerUinOf } from "../account";
import type { IGrantee } from "../cam/grantee";
import type { CommonProps, RegionalProps } from "../common-props";
import { logsetIdOf } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { checkAtSynth } from "../errors";
import { Annotations, isToken, type Construct } from "../framework";
import type { NamedSource } from "./source";

/** The state of a `LogMonitor` in a bucket. */
interface MonitorState extends RegionalProps {
  readonly bucket: ILogBucket;
  readonly prefix: string;
  readonly appId?: string;
}

/** Grants permission to read, write, delete and list the state, and nothing else in the bucket. */
export function grantState(scope: Construct, { bucket, prefix, ...props }: MonitorState, grantee: IGrantee): void {
  bucket.grantRead(grantee, prefix);
  bucket.grantWrite(grantee, prefix);
  bucket.grantDelete(grantee, prefix);
  const { bucketName, region } = bucket;
  const appId = isToken(bucketName) ? appIdOf(scope, props) : bucketName.slice(-10);
  const whole = `qcs::cos:${region}:uid/${appId}:${bucketName}/`;
  // Listing is a permission on the bucket, or on a prefix of it; it is not known which of the two COS checks. Fact:
  // docs/design/facts/runtime.md#claims-by-objects.
  grantee.addToPolicy({ action: ["name/cos:GetBucket"], resource: [whole, `${whole}${prefix}*`] });
  // Before the first claim, an instance checks whether the bucket is versioned.
  grantee.addToPolicy({ action: ["name/cos:GetBucketVersioning"], resource: [whole] });
}

/** Actions of a process that reads with CLS's consumer groups, on the logset of each topic. */
const GROUP_ACTIONS = [
  ...["CreateConsumerGroup", "ModifyConsumerGroup", "DescribeConsumerGroups"],
  ...["SendConsumerHeartbeat", "CommitConsumerOffsets", "DescribeConsumerOffsets"],
].map((action) => `cls:${action}`);

/** Grants permission to read topics with consumer groups. Fact: docs/design/facts/cls-reading.md#pulling. */
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
 * Refuses a versioned bucket: there, a claim that must not overwrite another one does, and an alert would be sent
 * twice. Fact: docs/design/facts/runtime.md#claims-by-objects.
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
 * Warns about a given bucket that deletes old objects: it would delete the claim of a group that stays open for longer,
 * and the group's first alert would be sent again.
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
