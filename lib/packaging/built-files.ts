import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Contents of a file that the package's build created, by its path under `dist`. */
export function builtFile(path: string): Uint8Array {
  const file = join(packageFolder(), "dist", path);
  if (!existsSync(file)) throw new Error(`dist/${path} must exist, got nothing; run npm run build`);
  return readFileSync(file);
}

/** The folder with the libraries that rules can need. */
export function partsFolder(): string {
  return join(packageFolder(), "dist/parts");
}

/** File in a zip with the names, sources and licenses of third-party packages that its parts contain. */
export const NOTICES = "cdktf-tencent-logs.NOTICES.txt";

/** Reserved names at the top of a zip: those of the handler, of the rule text and of all parts. */
export function ownNames(): string[] {
  return ["index.js", "rules.sls", NOTICES, ...readdirSync(partsFolder())];
}

/** The notices that our files require, in the order of the files' names; undefined if there are none. */
export function noticesFor(files: readonly string[]): string | undefined {
  const folder = join(packageFolder(), "dist/notices");
  const texts = [...files].sort().map((name) => join(folder, `${name}.txt`));
  const found = texts.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  return found.length === 0 ? undefined : found.join("\n");
}

/** The version of the package. */
export function packageVersion(): string {
  return manifest().version;
}

/** Required versions of Node and of peer packages, by name. */
export function neededVersions(): Readonly<Record<string, string>> {
  const { engines, peerDependencies } = manifest();
  return { ...engines, ...peerDependencies };
}

interface Manifest {
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as Manifest;
}

/** The package's folder, whether run from sources or from the build. */
function packageFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  throw new Error(`package.json must stand above the package's code, got none above ${__dirname}`);
}
