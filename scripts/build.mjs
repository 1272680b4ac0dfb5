/**
 * Builds everything that changed: bindings and the scanner, then TypeScript, then the deployed handlers. `npm start`,
 * `npm test` and `npm run synth` call it first, so that a fresh clone needs no separate build.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { placeBindings } from "./bindings.mjs";
import { bundleHandlers } from "./bundle-handlers.mjs";
import { bundlePage } from "./bundle-page.mjs";
import { DEFINITION_SCHEMA_FILE, limitContents } from "./contents.mjs";
import { removeComments } from "./without-comments.mjs";
import { buildScanner } from "./build-scanner.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The folders that TypeScript builds, from tsconfig.json. */
const { include: ROOMS } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));

function run(command, args) {
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", command), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function generateBindings() {
  const inputs = ["provider/schema.json", "provider/generate.ts", "package-lock.json"];
  const digest = createHash("sha256");
  for (const file of inputs) if (existsSync(join(root, file))) digest.update(readFileSync(join(root, file)));
  const wanted = digest.digest("hex");

  const stamp = join(root, "provider/src/.inputs");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  run("tsx/dist/cli.mjs", ["provider/generate.ts"]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Rule texts, and functions in another language, are next to the examples that read them. */
const BESIDE_EXAMPLES = ["rules", "payments"];

function copyBesideExamples() {
  for (const example of readdirSync(join(root, "examples"))) {
    for (const name of BESIDE_EXAMPLES) {
      const folder = join(root, "examples", example, name);
      if (existsSync(folder)) cpSync(folder, join(root, "dist/examples", example, name), { recursive: true });
    }
  }
}

/** Writes the JSON schema of monitor definitions, which editors read as a file. */
async function writeDefinitionSchema() {
  const { DEFINITION_SCHEMA } = await import(pathToFileURL(join(root, "dist/monitor/index.js")));
  writeFileSync(join(root, DEFINITION_SCHEMA_FILE), `${JSON.stringify(DEFINITION_SCHEMA, null, 2)}\n`);
}

/** Outputs of removed files would be found before those that replaced them. */
function removeStale() {
  if (!existsSync(join(root, "dist"))) return;
  for (const file of readdirSync(join(root, "dist"), { recursive: true })) {
    const source = file.replace(/\.(js|d\.ts)$/, ".ts");
    const isOfTypeScript = source !== file && ROOMS.includes(file.split(sep)[0]);
    if (isOfTypeScript && !existsSync(join(root, source))) rmSync(join(root, "dist", file));
  }
}

generateBindings();
await buildScanner(root);
removeStale();
run("typescript/bin/tsc", ["--build", "tsconfig.json"]);
placeBindings(root);
// Not for deploy/, of which only the bundle below is published.
removeComments(
  root,
  ROOMS.filter((room) => room !== "deploy"),
);
copyBesideExamples();
await writeDefinitionSchema();
await bundleHandlers(root, await bundlePage(root));
limitContents(root);
