import type { Revision } from "./revision";

/** Throws unless the stack's shipper closes its files after so many seconds. */
export function expectInterval(seconds: number): NonNullable<Revision["check"]> {
  return ({ cloud }) => {
    const [shipper] = cloud.cls.allShippers();
    if (shipper?.spec.intervalSeconds === seconds) return;
    throw new Error(`the shipper's interval must be ${seconds}, got ${shipper?.spec.intervalSeconds}`);
  };
}

/** Throws unless a log goes through, and leaves objects below the prefix. */
export function pushBelow(prefix: string): NonNullable<Revision["check"]> {
  return async ({ cloud, push }) => {
    await push();
    const keys = cloud.cos.allBuckets().flatMap((bucket) => bucket.keys(prefix));
    if (keys.length === 0) throw new Error(`objects must lie below ${prefix}, got none`);
  };
}
