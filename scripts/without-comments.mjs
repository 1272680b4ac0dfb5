import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

/**
 * Removes comments, except licences, from the JavaScript that TypeScript emitted: people read them in the declarations
 * and the sources, and they are a tenth of the download. Files that are older than the last run are skipped.
 */
export function removeComments(root, rooms) {
  const stamp = join(root, "dist/.without-comments");
  const last = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (const room of rooms) {
    for (const name of readdirSync(join(root, "dist", room), { recursive: true })) {
      const file = join(root, "dist", room, name);
      if (!file.endsWith(".js") || statSync(file).mtimeMs <= last) continue;
      const options = { legalComments: "inline", charset: "utf8", target: "node20" };
      writeFileSync(file, transformSync(readFileSync(file, "utf8"), options).code);
    }
  }
  writeFileSync(stamp, "");
}
