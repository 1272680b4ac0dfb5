import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { buildSync } from "esbuild";

/** Paths of files that the code reads: it deploys them, or a browser shows them. */
const READ = ["dist/handlers", "dist/live", "dist/page", "dist/parts", "dist/notices", "dist/deploy/cls-delivery.js"];

/** The schema with which editors know the keys of monitor definitions. */
export const DEFINITION_SCHEMA_FILE = "dist/monitor/definition.schema.json";

/** Files for people and their tools. */
const FOR_PEOPLE = ["dist/THIRD_PARTY_NOTICES.txt", DEFINITION_SCHEMA_FILE];

/** In declarations: comments, which can contain examples, and imports of other files' types. */
const COMMENT = /\/\*[^]*?\*\//g;
const RELATIVE = /(?:\bfrom |\bimport\(|\bimport )["'](\.{1,2}(?:\/[^"']*)?)["']/g;

/**
 * Determines what of `dist` is published: `dist/.npmignore` includes only what the package's entry points reach. A
 * folder that the command starts to use is therefore included automatically, and unreachable files never are.
 */
export function limitContents(root) {
  const files = contentsOf(root).map((file) => file.slice("dist/".length));
  const folders = new Set(files.flatMap(foldersAbove));
  const lines = ["*", ...[...folders].sort().map((folder) => `!/${folder}/`), ...files.map((file) => `!/${file}`)];
  writeFileSync(join(root, "dist/.npmignore"), `${lines.join("\n")}\n`);
}

/** Published files of `dist`, by their paths below the root, sorted. */
function contentsOf(root) {
  const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.values(exports).filter((entry) => typeof entry !== "string");
  const code = codeReached(root, [...entries.map((entry) => entry.default), ...Object.values(bin)]);
  const types = typesReached(
    root,
    entries.map((entry) => entry.types),
  );
  const others = [...READ, ...FOR_PEOPLE].flatMap((path) => filesBelow(root, path));
  return [...new Set([...code, ...types, ...others])].sort();
}

/** The code that entry points need, according to a bundler. */
function codeReached(root, entryPoints) {
  const options = { bundle: true, platform: "node", packages: "external", outdir: "out", write: false, metafile: true };
  const { metafile } = buildSync({ absWorkingDir: root, entryPoints, ...options, logLevel: "error" });
  return Object.keys(metafile.inputs);
}

/** The declarations that entry points need. */
function typesReached(root, entryPoints) {
  const reached = new Set();
  const add = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const code = readFileSync(join(root, file), "utf8").replace(COMMENT, "");
    for (const [, target] of code.matchAll(RELATIVE)) add(declarationsOf(root, join(dirname(file), target), file));
  };
  for (const file of entryPoints) add(join(file));
  return [...reached].map((file) => file.split(sep).join("/"));
}

/** The declarations of an import, with or without the extension of code. */
function declarationsOf(root, path, importer) {
  const found = [`${path.replace(/\.js$/, "")}.d.ts`, join(path, "index.d.ts")].find((file) =>
    existsSync(join(root, file)),
  );
  if (found === undefined) throw new Error(`${importer} must import declarations that were built, got ${path}`);
  return found;
}

function filesBelow(root, path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    );
}

/** `["lib", "lib/scf"]` of `lib/scf/function.js`. */
function foldersAbove(file) {
  const names = file.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
