import type { PartName } from "./implementation";

/**
 * Access to parts: files with the libraries that functions need, which are in a zip only if the rules call those
 * functions.
 */
export interface Parts {
  /** The exports of a part. Throws if it is absent or broken. */
  load(name: PartName): unknown;
}
