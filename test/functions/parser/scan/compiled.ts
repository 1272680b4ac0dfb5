import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../../../..");
const SOURCES = join(ROOT, "functions/parser/scan/assembly");

/** A scanner's module of changed sources. @param change makes the source of each file, by its name, another one */
export function compileChanged(change: (file: string, source: string) => string, memoryPages?: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "scanner-"));
  try {
    cpSync(SOURCES, folder, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
      const path = join(folder, file);
      writeFileSync(path, change(file, readFileSync(path, "utf8")));
    }
    const call = [folder, ...(memoryPages === undefined ? [] : [String(memoryPages)])].map((one) =>
      JSON.stringify(one),
    );
    const script = `import { compileScanner } from ${JSON.stringify(join(ROOT, "scripts/build-scanner.mjs"))};
      process.stdout.write(await compileScanner(${call.join(", ")}));`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", script], { maxBuffer: 1 << 22 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
