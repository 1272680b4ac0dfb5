import { oneOf, optional } from "./schema";

/**
 * Networks through which a service can be reached. COS and CLS have hosts inside each region (`intranet`). Fact:
 * docs/design/facts/runtime.md#networks.
 */
export const NETWORKS = ["public", "intranet"] as const;

/** Network through which a service is reached. */
export type Network = (typeof NETWORKS)[number];

/** @default public */
export const network = optional(oneOf(...NETWORKS));
