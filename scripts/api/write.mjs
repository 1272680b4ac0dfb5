/**
 * Writes `docs/api`, the reference, from the docstrings of the package's exports, with TypeDoc. With `--check` it
 * writes nothing, and fails if the files differ. It installs TypeDoc in its own folder at the first run.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const target = join(root, "docs/api");

if (!existsSync(join(here, "node_modules/typedoc"))) run("npm", ["ci", "--ignore-scripts"], here);
const folder = mkdtempSync(join(tmpdir(), "api-docs-"));
try {
  const typedoc = join(here, "node_modules/typedoc/bin/typedoc");
  run(process.execPath, [typedoc, "--options", join(here, "typedoc.json"), "--out", folder], root);
  const wanted = pagesIn(folder);
  if (process.argv.includes("--check")) check(wanted);
  else write(wanted);
} finally {
  rmSync(folder, { recursive: true });
}

function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status === 0) return;
  console.error(`${stdout}${stderr}`);
  process.exit(status ?? 1);
}

/** The pages by their names. */
function pagesIn(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".md"));
  const pages = {};
  for (const name of names.sort()) {
    pages[name] = tidy(readFileSync(join(folder, name), "utf8"));
  }
  return pages;
}

/** Removes meaningless parts: lines between entries, and anchors of table rows with the links to them. */
function tidy(text) {
  const head = "<!-- Written by scripts/api/write.mjs from docstrings; npm run docs:update rewrites it. -->\n\n";
  return (
    head +
    text
      .replace(/^\*\*\*\n\n/gm, "")
      .replace(/<a id="[^"]*"><\/a> ?/g, "")
      .replace(/\[([^\]]+)\]\(#property-[^)]*\)/g, "`$1`")
  );
}

function write(wanted) {
  rmSync(target, { recursive: true, force: true });
  for (const [name, text] of Object.entries(wanted)) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  }
}

function check(wanted) {
  const stale = Object.entries(wanted)
    .filter(([name, text]) => !existsSync(join(target, name)) || readFileSync(join(target, name), "utf8") !== text)
    .map(([name]) => `docs/api/${name}`);
  if (stale.length === 0) return;
  console.error(`the reference must be up to date, got stale ${stale.join(", ")}; run npm run docs:update`);
  process.exitCode = 1;
}
