import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { unzipSync } from "fflate";
import { Refusal } from "../refusal";

/**
 * Unpacks a function's zip into a folder, as SCF does into `/var/user`. Throws if an entry would be outside the folder.
 */
export function unpack(zip: Uint8Array, folder: string): void {
  const entries = Object.entries(read(zip));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of entries) {
    const path = normalize(name);
    if (path.startsWith("..") || path.startsWith("/")) {
      throw new Refusal("InvalidParameterValue.ZipFile", `entries must stay inside the package, got "${name}"`);
    }
    if (name.endsWith("/")) continue;
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function read(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw new Refusal("InvalidParameterValue.ZipFile", `the code must be a zip: ${(error as Error).message}`);
  }
}
