/**
 * Writes `docs/rules-functions.md`, one line for each function of the rule language, from the table of signatures and the
 * docstrings of the implementations. With `--check` it writes nothing, and fails where the file is not what it would write.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "docs/rules-functions.md");
const { GROUPS } = createRequire(import.meta.url)("../dist/rules/signatures/index.js");

/** By function: what stands above it in its table. */
function docstrings() {
  const found = new Map();
  for (const file of [...sourcesIn("rules/functions"), ...sourcesIn("parts")]) {
    const entries = readFileSync(file, "utf8").matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*([a-z]\w*)\b/gi);
    for (const [, comment, name] of entries) {
      const text = comment.replace(/\s*\n\s*\*?\s*/g, " ").trim();
      if (text.startsWith(`\`${name}(`)) found.set(name, text);
    }
  }
  return found;
}

function sourcesIn(folder) {
  const files = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return files.filter((file) => file.name.endsWith(".ts")).map((file) => join(file.parentPath ?? file.path, file.name));
}

/** Its signature and its first sentence, or what to do instead; then what of the zip it needs. */
function lineOf(name, signature, docstring) {
  if (signature.refused !== undefined) return `- \`${name}\` cannot be had here: ${signature.refused}.`;
  const bare = `\`${name}(${signature.parameters.replace(/:[a-z][a-z0-9-]*\??(?=[=,)?]|$)|:\d+\.\.\d+\??(?=[=,)]|$)/g, "").replace(/\|\w+/g, "")})\`.`;
  const sentence = docstring === undefined ? bare : docstring.replace(/(?<=[^.])\. .*$/, ".");
  return `- ${sentence}${signature.part === undefined ? "" : ` Needs \`rules-${signature.part}.js\`.`}`;
}

function document() {
  const texts = docstrings();
  const sections = Object.entries(GROUPS).map(([group, signatures]) => {
    const lines = Object.entries(signatures).map(([name, signature]) => lineOf(name, signature, texts.get(name)));
    return `## ${group}\n\n${lines.join("\n")}\n`;
  });
  const count = Object.values(GROUPS).flatMap(Object.keys).length;
  return `# Functions of the rule language

All ${count}, by group. A parameter with \`=\` may be left out; all can be given by name too. What a function needs of a library
is in the zip only where the rules call it.

<!-- Written by scripts/rules-functions.mjs; edit the docstrings of the functions instead. -->

${sections.join("\n")}`;
}

const wanted = document();
if (!process.argv.includes("--check")) writeFileSync(target, wanted);
else if (readFileSync(target, "utf8") !== wanted) {
  console.error("docs/rules-functions.md must be up to date; run node scripts/rules-functions.mjs");
  process.exit(1);
}
