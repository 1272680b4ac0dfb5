import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { unzipSync } from "fflate";

/** Unpacks a function's zip into a folder, as SCF does into `/var/user`. Throws where an entry would leave the folder. */
export function unpack(zipFile: string, folder: string): void {
  const entries = Object.entries(unzipSync(readFileSync(zipFile)));
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of entries) {
    const path = normalize(name);
    if (path.startsWith("..") || path.startsWith("/")) {
      throw new Error(`entries of ${zipFile} must stay inside the package, got "${name}"`);
    }
    if (name.endsWith("/")) continue;
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
