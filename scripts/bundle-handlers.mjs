import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { parse } from "yaml";
import { withoutDocs } from "./without-docs.mjs";

/**
 * Bundles what users deploy: each folder of `functions/handlers` with an `index.ts` into `dist/handlers/<name>/index.js`,
 * each file of `parts`, which a handler loads where it stands beside it, into `dist/parts/<name>.js`, and the script that
 * Terraform runs. One CommonJS file each without dependencies, for SCF's Node 18. Users' synth copies these files; it
 * never bundles our code again.
 */
export async function bundleHandlers(root) {
  for (const name of readdirSync(join(root, "functions/handlers"))) {
    const source = `functions/handlers/${name}/index.ts`;
    if (existsSync(join(root, source))) await bundle(root, source, `dist/handlers/${name}/index.js`);
  }
  for (const file of readdirSync(join(root, "parts"))) {
    const name = basename(file, ".ts");
    if (file.endsWith(".ts")) await bundle(root, `parts/${file}`, `dist/parts/${name}.js`);
  }
  await bundle(root, "deploy/cls-delivery.ts", "dist/deploy/cls-delivery.js");
}

async function bundle(root, source, target) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(root, source)],
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "warning",
    plugins: [yamlAsJson, withoutDocs],
  });
  const file = join(root, target);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, result.outputFiles[0].contents);
}

/** Data of packages that ship it as YAML is read here, so that no function carries a YAML reader. */
const yamlAsJson = {
  name: "yaml-as-json",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.yaml$/ }, ({ path }) => ({
      contents: JSON.stringify(parse(readFileSync(path, "utf8"))),
      loader: "json",
    })),
};
