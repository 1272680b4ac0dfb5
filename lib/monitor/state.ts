import { appIdOf } from "../account";
import type { IGrantee } from "../cam/grantee";
import type { RegionalProps } from "../common-props";
import type { ILogBucket } from "../cos/bucket";
import { checkAtSynth } from "../errors";
import { isToken, type Construct } from "../framework";

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
