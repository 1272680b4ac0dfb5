import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";

/** When all was compact. It is not published: `dist/.npmignore` lets nothing pass that the entry points do not reach. */
const STAMP = "dist/.compacted";

/**
 * Leaves comments out of the JavaScript that TypeScript built, but those of licences: they stand in the sources, and what users
 * read of them in the declarations. They would be an eighth of what the package weighs. Only what is new since the last time
 * is looked at.
 */
export async function compact(root, rooms) {
  const stamp = join(root, STAMP);
  const since = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const files = rooms
    .map((room) => join(root, "dist", room))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith(".js") && statSync(file).mtimeMs > since);
  await Promise.all(
    files.map(async (file) => {
      const options = { loader: "js", target: "node20", legalComments: "inline", charset: "utf8" };
      writeFileSync(file, (await transform(readFileSync(file, "utf8"), options)).code);
    }),
  );
  writeFileSync(stamp, "");
}
