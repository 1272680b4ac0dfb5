import type { PartName } from "./implementation";

/** Where the parts are: files that hold what functions need of a library, in a zip only where the rules call those. */
export interface Parts {
  /** What a part exports. Throws where it is absent or broken. */
  load(name: PartName): unknown;
}
