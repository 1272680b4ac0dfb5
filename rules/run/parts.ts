import { createRequire } from "node:module";
import { join } from "node:path";
import type { PartName } from "./implementation";

/** Where the library groups are. */
export interface Parts {
  /** The module of a group. Throws where it is absent or broken. */
  load(name: PartName): unknown;
}

/** The library groups of a folder, each in a file `rules-<name>.js`. */
export function partsIn(folder: string): Parts {
  const load = createRequire(join(folder, "index.js"));
  return {
    load: (name) => {
      try {
        return load(`./rules-${name}.js`);
      } catch (cause) {
        const [reason] = (cause as Error).message.split("\n");
        throw new Error(`rules-${name}.js must load, got ${reason}; deploy the function through its construct`, {
          cause,
        });
      }
    },
  };
}
