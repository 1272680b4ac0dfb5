import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Contents of a file that the package's build made, by its path under `dist`. */
export function builtFile(path: string): Uint8Array {
  const file = join(packageFolder(), "dist", path);
  if (!existsSync(file)) throw new Error(`dist/${path} must exist, got nothing; run npm run build`);
  return readFileSync(file);
}

/** The folder of the library groups that rules may need. */
export function partsFolder(): string {
  return join(packageFolder(), "dist/parts");
}

/** Names that only we may give a file at the top of a zip: the handler's, the rule text's, and those of all our parts. */
export function ownNames(): string[] {
  return ["index.js", "rules.sls", ...readdirSync(partsFolder())];
}

/** The package's folder, from its sources and from its build alike. */
function packageFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  throw new Error(`package.json must stand above the package's code, got none above ${__dirname}`);
}
