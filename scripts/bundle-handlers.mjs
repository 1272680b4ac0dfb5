import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles each file of `functions/handlers` into `dist/handlers/<name>/index.js`: one CommonJS file without
 * dependencies, for SCF's Node 18. Users' synth copies these files; it never bundles our code again.
 */
export async function bundleHandlers(root) {
  const folder = join(root, "functions/handlers");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const name = basename(file, ".ts");
    const result = await build({
      absWorkingDir: root,
      entryPoints: [join(folder, file)],
      bundle: true,
      platform: "node",
      target: "node18",
      format: "cjs",
      minify: true,
      legalComments: "none",
      write: false,
      logLevel: "warning",
    });
    const outputFolder = join(root, "dist/handlers", name);
    mkdirSync(outputFolder, { recursive: true });
    writeFileSync(join(outputFolder, "index.js"), result.outputFiles[0].contents);
  }
}
