import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import asc from "assemblyscript/asc";

/** The sources of each module, its output file, and its memory in pages of 64 KiB: see layout.ts for their content. */
const MODULES = [
  { sources: "functions/parser/scan/assembly", target: "functions/parser/scan/module.ts", what: "scanner", pages: 98 },
  {
    sources: "functions/parser/search/assembly",
    target: "functions/parser/search/module.ts",
    what: "search",
    pages: 6,
  },
];

/**
 * Compiles the parser's WebAssembly modules, and writes each as a TypeScript file, so that the compiler, the tests and
 * the bundler all find it in the same way. The files are never committed; each is built again if its sources changed.
 */
export async function buildScanner(root) {
  for (const module of MODULES) {
    const stamp = `// ${digestOf(root, module)}\n`;
    const target = join(root, module.target);
    if (existsSync(target) && readFileSync(target, "utf8").startsWith(stamp)) continue;
    const binary = await compileScanner(join(root, module.sources), module.pages);
    const doc = `/** The ${module.what} as WebAssembly, packed; made of \`assembly/\` by \`npm run build\`. */`;
    writeFileSync(target, `${stamp}${doc}\nexport const MODULE =\n  "${packModule(binary)}";\n`);
  }
}

/** A module as text, which `functions/parser/web-assembly.ts` unpacks. It makes the handlers' zips a third smaller. */
export function packModule(binary) {
  return brotliCompressSync(binary).toString("base64");
}

/** The bytes of a module, compiled from a folder with its sources. @default pages of the scanner */
export async function compileScanner(folder, pages = MODULES[0].pages) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      ...["--baseDir", folder, "--outFile", "scanner.wasm", "--runtime", "stub", "--noAssert"],
      ...["--enable", "simd", "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge"],
      ...["--initialMemory", String(pages), "--maximumMemory", String(pages)],
    ],
    {
      readFile: (name, from) => readSource(join(from, name)),
      writeFile: (name, contents) => void (binary = name === "scanner.wasm" ? contents : binary),
    },
  );
  if (error) throw new Error(`the module must compile, got ${error.message}\n${stderr}`);
  return binary;
}

/**
 * Functions to inline are marked with a comment, because TypeScript has no decorators for functions. Null if the file
 * does not exist.
 */
function readSource(path) {
  return existsSync(path) ? readFileSync(path, "utf8").replace(/^\/\/ @inline$/gm, "@inline") : null;
}

/** Digest of everything that determines a module: its sources, the compiler and its arguments. */
function digestOf(root, { sources }) {
  const digest = createHash("sha256");
  const names = readdirSync(join(root, sources)).sort();
  const files = [...names.map((name) => join(sources, name)), "scripts/build-scanner.mjs", "package-lock.json"];
  for (const file of files) digest.update(readFileSync(join(root, file)));
  return digest.digest("hex");
}
