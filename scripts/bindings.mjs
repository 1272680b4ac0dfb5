import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** The workspace's name, and the file of it in an import: `"@cdktf/provider-tencentcloud/lib/provider"`. */
const IMPORT = /(?<=["'])@cdktf\/provider-tencentcloud(?:\/lib\/([\w/-]+))?(?=["'])/g;

/**
 * Places the bindings next to the code that imports them, and changes its imports. The workspace's name does not exist
 * on npm. An installed package could only bundle it in its own `node_modules`, where Yarn finds nothing that
 * `dependencies` does not declare.
 */
export function placeBindings(root) {
  const target = join(root, "dist/provider");
  rmSync(target, { recursive: true, force: true });
  cpSync(join(root, "provider/lib"), target, { recursive: true });
  const lib = join(root, "dist/lib");
  for (const file of readdirSync(lib, { recursive: true })) {
    if (/\.(js|d\.ts)$/.test(file)) rewriteImports(join(lib, file), target);
  }
}

function rewriteImports(file, target) {
  const text = readFileSync(file, "utf8");
  const folder = relative(dirname(file), target).split(sep).join("/");
  const rewritten = text.replace(IMPORT, (_, part = "index") => `${folder}/${part}`);
  if (rewritten !== text) writeFileSync(file, rewritten);
}
