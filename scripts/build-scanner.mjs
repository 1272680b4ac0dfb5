import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const SOURCES = "functions/parser/scan/assembly";
const TARGET = "functions/parser/scan/module.ts";

/** Of 64 KiB; layout.ts says what they hold. */
const MEMORY_PAGES = "98";

/**
 * Compiles the parser's scanner to WebAssembly, and writes it as a TypeScript file, so that the compiler, the tests and the
 * bundler all find it in the same way. The file is never committed; it is made anew where its sources changed.
 */
export async function buildScanner(root) {
  const stamp = `// ${digestOf(root)}\n`;
  const target = join(root, TARGET);
  if (existsSync(target) && readFileSync(target, "utf8").startsWith(stamp)) return;
  const binary = await compileScanner(join(root, SOURCES));
  const text = Buffer.from(binary).toString("base64");
  const doc = "/** The scanner as WebAssembly, in base64; made of `assembly/` by `npm run build`. */";
  writeFileSync(target, `${stamp}${doc}\nexport const MODULE =\n  "${text}";\n`);
}

/** The module's bytes, of a folder with its sources. */
export async function compileScanner(folder, memoryPages = MEMORY_PAGES) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      ...["--baseDir", folder, "--outFile", "scanner.wasm", "--runtime", "stub", "--noAssert"],
      ...["--enable", "simd", "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge"],
      ...["--initialMemory", memoryPages, "--maximumMemory", memoryPages],
    ],
    {
      readFile: (name, from) => readSource(join(from, name)),
      writeFile: (name, contents) => void (binary = name === "scanner.wasm" ? contents : binary),
    },
  );
  if (error) throw new Error(`the scanner must compile, got ${error.message}\n${stderr}`);
  return binary;
}

/**
 * A function that is to be a part of each that calls it is marked with a comment, for TypeScript knows no decorators of
 * functions. Null where there is no such file.
 */
function readSource(path) {
  return existsSync(path) ? readFileSync(path, "utf8").replace(/^\/\/ @inline$/gm, "@inline") : null;
}

/** Of all that the module is made of: its sources, the compiler and what it is called with. */
function digestOf(root) {
  const digest = createHash("sha256");
  const names = readdirSync(join(root, SOURCES)).sort();
  const files = [...names.map((name) => join(SOURCES, name)), "scripts/build-scanner.mjs", "package-lock.json"];
  for (const file of files) digest.update(readFileSync(join(root, file)));
  return digest.digest("hex");
}
