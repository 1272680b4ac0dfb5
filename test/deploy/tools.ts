import type { BinaryName } from "./binary";
import type { ProviderSource } from "./provider";

/** What all deploy tests work with. */
export interface Tools {
  /** The repository. */
  readonly root: string;
  /** A temporary folder, removed at the end. */
  readonly folder: string;
  readonly binary: BinaryName;
  readonly provider: ProviderSource;
}
