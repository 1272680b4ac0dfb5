import type { Binary } from "./binary";
import type { Provider } from "./provider";

/** What all deploy tests work with. */
export interface Tools {
  /** The repository. */
  readonly root: string;
  /** A temporary folder, removed at the end. */
  readonly folder: string;
  readonly binary: Binary;
  readonly provider: Provider;
}
