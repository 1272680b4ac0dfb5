import type { LocalCloud } from "../cloud";
import type { Bucket } from "../cos/bucket";

/** A bucket and keys that a function reads, and that nothing in the stack ships to. */
export interface Source {
  /** Created if the stack only names it: a real account would have it. */
  readonly bucket: Bucket;
  readonly prefix: string;
  /** Empty if keys can end with anything. */
  readonly suffix: string;
  readonly functionName: string;
}

/**
 * The prefixes whose new objects invoke a function, except those that shippers write to, in the order in which
 * functions were created.
 */
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
