import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { parse } from "yaml";
import { noticesOf, noticeText } from "./notices.mjs";
import { withoutDocs } from "./without-docs.mjs";

/**
 * Bundles what users deploy: each folder of `functions/handlers` with an `index.ts` into
 * `dist/handlers/<name>/index.js`, each file of `parts`, which a handler loads if it is next to it, into
 * `dist/parts/<name>.js`, and the script that Terraform runs. Each is a single CommonJS file without dependencies, for
 * SCF's Node 18. The reporter for Python is copied as a single file, `dist/live/logs.py`. Users' synth copies these
 * files; it never bundles our code again. Third-party notices are in `dist/notices/<file>.txt`, which is added to every
 * zip with the file, and all together in `dist/THIRD_PARTY_NOTICES.txt`.
 *
 * @param others notices of further third-party code that is distributed but not deployed
 */
export async function bundleHandlers(root, others) {
  rmSync(join(root, "dist/notices"), { recursive: true, force: true });
  const notices = [...others];
  for (const name of readdirSync(join(root, "functions/handlers"))) {
    const source = `functions/handlers/${name}/index.ts`;
    if (existsSync(join(root, source))) notices.push(...(await bundle(root, source, `dist/handlers/${name}/index.js`)));
  }
  for (const file of readdirSync(join(root, "parts"))) {
    const name = basename(file, ".ts");
    if (file.endsWith(".ts")) notices.push(...(await bundle(root, `parts/${file}`, `dist/parts/${name}.js`)));
  }
  notices.push(...(await bundle(root, "deploy/cls-delivery.ts", "dist/deploy/cls-delivery.js")));
  mkdirSync(join(root, "dist/live"), { recursive: true });
  copyFileSync(join(root, "functions/live/python/logs.py"), join(root, "dist/live/logs.py"));
  write(join(root, "dist/THIRD_PARTY_NOTICES.txt"), noticeText(notices));
}

/** SCF's Node version for our functions; files that are added to users' code must support the users' version. */
const TARGETS = { "parts/live.ts": "node16" };

/** Returns the notices of the bundled packages. */
async function bundle(root, source, target) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(root, source)],
    bundle: true,
    platform: "node",
    target: TARGETS[source] ?? "node18",
    format: "cjs",
    minify: true,
    // Their content, and further terms in packages, are in the notices.
    legalComments: "none",
    write: false,
    metafile: true,
    logLevel: "warning",
    plugins: [yamlAsJson, withoutDocs],
  });
  write(join(root, target), result.outputFiles[0].contents);
  const notices = noticesOf(root, result.metafile);
  if (notices.length > 0) write(join(root, `dist/notices/${basename(target)}.txt`), noticeText(notices));
  return notices;
}

function write(file, contents) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

/** YAML data of packages is converted here, so that functions need no YAML parser. */
const yamlAsJson = {
  name: "yaml-as-json",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.yaml$/ }, ({ path }) => ({
      contents: JSON.stringify(parse(readFileSync(path, "utf8"))),
      loader: "json",
    })),
};
