import type { LocalCloud } from "../cloud";
import type { Bucket } from "../cos/bucket";

/** Where a function reads what nothing of the stack ships: a bucket, and which keys of it. */
export interface Source {
  /** It is made where the stack only names it: an account would have it. */
  readonly bucket: Bucket;
  readonly prefix: string;
  /** Empty where keys may end with anything. */
  readonly suffix: string;
  readonly functionName: string;
}

/** What new objects of buckets invoke, but for those that shippers write, in the order in which functions were made. */
export function sourcesOf(cloud: LocalCloud): readonly Source[] {
  const { cos, scf } = cloud;
  const triggers = cloud.functions.flatMap((target) => scf.bindings.of(target).map(({ trigger }) => trigger));
  const isShipped = (bucket: string, prefix: string) =>
    cloud.cls.allShippers().some(({ spec }) => spec.bucket === bucket && spec.prefix.startsWith(prefix));
  return triggers
    .filter(({ bucket, event, prefix }) => event.startsWith("cos:ObjectCreated:") && !isShipped(bucket, prefix))
    .map(({ bucket: name, functionName, prefix, region, suffix }) => {
      const bucket = cos.bucket(name) ?? cos.createBucket(name, region);
      return { bucket, prefix, suffix, functionName };
    });
}
