/**
 * Writes `docs/rules-functions.md`, one line for each function of the rule language, from its definition. With
 * `--check` it writes nothing, and fails if the file differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const target = join(dirname(fileURLToPath(import.meta.url)), "../docs/rules-functions.md");
const require = createRequire(import.meta.url);
const { GROUPS } = require("../dist/rules/functions/index.js");
const { parseParameters } = require("../dist/rules/check/parameters.js");

/**
 * The call and the first sentence of its documentation, or the alternative; then the files that it needs in the zip.
 */
function lineOf(name, { parameters, doc, part, refused }) {
  if (refused) return `- \`${name}\` is not available: ${refused.reason}; ${refused.remedy}.`;
  const needs = part === undefined ? "" : ` Needs \`rules-${part}.js\`.`;
  return `- \`${name}(${usage(parameters)})\`: ${firstSentence(doc)}${needs}`;
}

/** The parameters as people write them: `value, fields1, fields2, ..., full=True`. */
function usage(notation) {
  const { positional, rest, keywords } = parseParameters(notation);
  return [
    ...positional.map(parameterText),
    ...(rest ? restTexts(rest.names) : []),
    ...keywords.map(parameterText),
  ].join(", ");
}

function parameterText({ names: [name], optional, default: fallback }) {
  return optional ? `${name}=${fallback?.text ?? ""}` : name;
}

/** A repeatable parameter, shown twice: `field1, field2, ...`. */
function restTexts(names) {
  const singular = names.map((name) => (names.length === 1 ? name.replace(/s$/, "") : name));
  return [...[1, 2].flatMap((number) => singular.map((name) => `${name}${number}`)), "..."];
}

function firstSentence(doc) {
  return doc.replace(/(?<=[^.])\. .*$/, ".");
}

function document() {
  const sections = GROUPS.map(({ title, functions }) => {
    const lines = Object.entries(functions).map(([name, definition]) => lineOf(name, definition));
    return `## ${title}\n\n${lines.join("\n")}\n`;
  });
  const all = GROUPS.flatMap(({ functions }) => Object.values(functions));
  const available = all.filter(({ refused }) => refused === undefined);
  return `# Functions of the rule language

${available.length} of the ${all.length} functions are available; the others are listed with an alternative. A
parameter with \`=\` can be left out, and every parameter can be given by name. The library that a function needs is in the zip
only if the rules call the function.

<!-- Written by scripts/rules-functions.mjs; edit the definitions in rules/functions instead. -->

${sections.join("\n")}`;
}

const wanted = document();
if (!process.argv.includes("--check")) writeFileSync(target, wanted);
else if (readFileSync(target, "utf8") !== wanted) {
  console.error("docs/rules-functions.md must be up to date; run node scripts/rules-functions.mjs");
  process.exit(1);
}
