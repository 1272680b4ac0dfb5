import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ZipContents } from "./zip";

/** The files of a folder. */
export interface DirectoryFiles {
  /** Contents by path in the folder, with `/`. */
  readonly contents: ZipContents;
  /** Paths of executable files. */
  readonly executables: ReadonlySet<string>;
}

/** Files that differ between machines and are never run. */
const ALWAYS_EXCLUDED = [".git", ".DS_Store", "Thumbs.db", "__pycache__", "*.pyc"];

/**
 * Reads the files below a folder, following links. A pattern without `/` matches names at any depth, a pattern with `/`
 * matches paths relative to the folder. `*` and `?` match characters of a name, `**` matches any folders. A folder that
 * matches is left out with its contents.
 */
export function readDirectory(folder: string, exclude: readonly string[]): DirectoryFiles {
  const patterns = [...ALWAYS_EXCLUDED, ...exclude].map(matcher);
  const contents: ZipContents = {};
  const executables = new Set<string>();

  function read(below: string, above: readonly string[]): void {
    const real = realpathSync(join(folder, below));
    if (above.includes(real))
      throw new Error(`${below} must not lead to a folder that it lies in, got a link that does`);
    for (const name of readdirSync(real).sort()) {
      const path = below === "" ? name : `${below}/${name}`;
      if (patterns.some((matches) => matches(path, name))) continue;
      const file = join(folder, path);
      const stats = statSync(file);
      if (stats.isDirectory()) read(path, [...above, real]);
      else if (stats.isFile()) {
        contents[path] = readFileSync(file);
        if (stats.mode & OWNER_EXECUTES) executables.add(path);
      }
    }
  }

  read("", []);
  return { contents, executables };
}

const OWNER_EXECUTES = 0o100;

function matcher(pattern: string): (path: string, name: string) => boolean {
  const trimmed = pattern.replace(/^\.?\//, "").replace(/\/$/, "");
  const expression = new RegExp(
    `^${trimmed
      .split(/(\*\*\/?|\*|\?)/)
      .map(glob)
      .join("")}$`,
    "s",
  );
  return trimmed.includes("/") ? (path) => expression.test(path) : (_path, name) => expression.test(name);
}

function glob(piece: string): string {
  if (piece.startsWith("**")) return piece.endsWith("/") ? "(?:.*/)?" : ".*";
  if (piece === "*") return "[^/]*";
  return piece === "?" ? "[^/]" : piece.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
}
