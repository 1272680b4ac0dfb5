import { oneOf, optional } from "./schema";

/**
 * Over which network a service is reached: COS and CLS have hosts of their own inside a region.
 * Fact: docs/design/facts/runtime.md#networks.
 */
export const NETWORKS = ["public", "intranet"] as const;

/** Over which network a service is reached. */
export type Network = (typeof NETWORKS)[number];

/** @default public */
export const network = optional(oneOf(...NETWORKS));
