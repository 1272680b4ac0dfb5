import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What the code reads as files, by their paths: it deploys them. */
const READ = ["dist/handlers", "dist/parts", "dist/notices", "dist/deploy/cls-delivery.js"];

/** What nobody but people reads. */
const FOR_PEOPLE = ["dist/THIRD_PARTY_NOTICES.txt"];

/** Files that a file of JavaScript, or of types, takes from beside it. */
const RELATIVE = /(?:require\(|import\(|from|import|path=)\s*["'](\.{1,2}(?:\/[^"']*)?)["']/g;

/**
 * Says what of `dist` is published: `dist/.npmignore` lets pass what the package's entry points reach, and nothing else. So
 * a folder that the command comes to use is in the package from then on, and what nobody can reach never is.
 */
export function limitContents(root) {
  const files = contentsOf(root).map((file) => file.slice("dist/".length));
  const folders = new Set(files.flatMap(foldersAbove));
  const lines = ["*", ...[...folders].sort().map((folder) => `!/${folder}/`), ...files.map((file) => `!/${file}`)];
  writeFileSync(join(root, "dist/.npmignore"), `${lines.join("\n")}\n`);
}

/** Files of `dist` that are published, by their paths below the root, sorted. */
export function contentsOf(root) {
  const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = [...Object.values(exports), ...Object.values(bin)].flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  const reached = new Set();
  for (const entry of entries) addReached(root, join(entry), reached);
  for (const path of [...READ, ...FOR_PEOPLE]) for (const file of filesBelow(root, path)) reached.add(file);
  return [...reached].filter((file) => file.startsWith("dist/")).sort();
}

/** Adds a file and all that it reaches. Types reach types, code reaches code. */
function addReached(root, file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  if (!/\.(js|d\.ts)$/.test(file)) return;
  const extension = file.endsWith(".d.ts") ? ".d.ts" : ".js";
  for (const [, target] of readFileSync(join(root, file), "utf8").matchAll(RELATIVE)) {
    addReached(root, fileOf(root, join(dirname(file), target), extension, file), reached);
  }
}

/** The file that an import without an extension means. */
function fileOf(root, path, extension, importer) {
  const withoutExtension = path.replace(/\.js$/, "");
  const candidates = [`${withoutExtension}${extension}`, `${path}/index${extension}`, path];
  const found = candidates.find((name) => existsSync(join(root, name)) && statSync(join(root, name)).isFile());
  if (found === undefined) throw new Error(`${importer} must import what was built, got ${path}`);
  return found.split(sep).join("/");
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
