import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScanner, type Scanner } from "../../functions/parser/scan/scanner";
import { findFault, proveCases } from "../functions/parser/scan/suite";

const ROOT = join(__dirname, "../..");
const SOURCES = join(ROOT, "functions/parser/scan/assembly");
const LINES = Number(process.env.LOGS_LINES ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it("the scanner tells of ten million random lines what JSON.parse tells", () => {
  const scanner = openScanner();
  if (!scanner) throw new Error("this machine must have WebAssembly with SIMD for this test");
  const tally = { lines: 0, proven: 0 };
  findFault(scanner, SEED, LINES, tally);
  console.log(`${tally.lines} lines scanned, ${tally.proven} of them proven (LOGS_SEED=${SEED})`);
  expect(tally.proven).toBeGreaterThan(LINES / 2);
});

/** Each a change of a constant that makes the scanner wrong: in a way that `npm test` must find. */
const PLANTED: [file: string, code: string, fault: string][] = [
  ["values.ts", "MAX_DEPTH: i32 = 64", "MAX_DEPTH: i32 = 65"],
  ["tokens.ts", "splat(0x1f)", "splat(0x1e)"],
  ["tokens.ts", "BACKSLASH: u32 = 0x5c", "BACKSLASH: u32 = 0x5d"],
  ["tokens.ts", "case 0x62:", "case 0x61:"],
  ["tokens.ts", "digit < 6", "digit < 5"],
  ["tokens.ts", "- 0x61 <= 5", "- 0x61 <= 6"],
  ["tokens.ts", "WORD_DIGITS: i32 = 18", "WORD_DIGITS: i32 = 20"],
  ["tokens.ts", "MAX_SAFE: u64 = 9007199254740991", "MAX_SAFE: u64 = 9007199254740993"],
  ["tokens.ts", "FINITE_DIGITS: i32 = 100", "FINITE_DIGITS: i32 = 400"],
  ["tokens.ts", "FINITE_EXPONENT_DIGITS: i32 = 2", "FINITE_EXPONENT_DIGITS: i32 = 3"],
  ["tokens.ts", "if (isNegative && value === 0)", "if (isNegative && value === 1)"],
  ["tokens.ts", "1e15, 1e16", "1e16, 1e16"],
  ["tokens.ts", "0x6c6c756e", "0x6c6c756f"],
  ["tokens.ts", "SPACE: u32 = 0x20", "SPACE: u32 = 0x21"],
  ["tokens.ts", "CARRIAGE_RETURN: u32 = 0x0d", "CARRIAGE_RETURN: u32 = 0x0c"],
  ["keys.ts", "alike !== 0xffff", "(alike & 0x7fff) !== 0x7fff"],
  ["keys.ts", "(1 << length) - 1", "(1 << (length - 1)) - 1"],
  ["index.ts", "member + MEMBERS * MEMBER_BYTES", "member + (MEMBERS + 1) * MEMBER_BYTES"],
  ["inner.ts", "tape + INNER * MEMBER_BYTES", "tape + (INNER + 1) * MEMBER_BYTES"],
  ["inner.ts", "(DEPTH - 1) * LEVEL_BYTES", "DEPTH * LEVEL_BYTES"],
  ["index.ts", "lines < LINES", "lines < LINES + 1"],
  ["keys.ts", "nodes === NODES", "nodes === NODES + 4096"],
  ["keys.ts", "> KEYS_BYTES", "> KEYS_BYTES + 4096"],
];

describe("a fault planted in the scanner is found:", () => {
  it.each(PLANTED)("%s: %s becomes %s", (file, code, fault) => {
    const folder = mkdtempSync(join(tmpdir(), "scanner-"));
    try {
      cpSync(SOURCES, folder, { recursive: true });
      const source = readFileSync(join(folder, file), "utf8");
      expect(source.split(code)).toHaveLength(2);
      writeFileSync(join(folder, file), source.replace(code, fault));
      const scanner = openScanner(compile(folder));
      expect(scanner && faultOf(scanner)).toBeDefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function compile(folder: string): Buffer {
  const script = `import { compileScanner } from ${JSON.stringify(join(ROOT, "scripts/build-scanner.mjs"))};
    process.stdout.write(await compileScanner(${JSON.stringify(folder)}));`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], { maxBuffer: 1 << 20 });
}

/** What `npm test` says of a scanner; undefined where it finds nothing wrong. */
function faultOf(scanner: Scanner): unknown {
  try {
    for (const [, run] of proveCases()) run(scanner);
    findFault(scanner, 1, 20_000, { lines: 0, proven: 0 });
    return undefined;
  } catch (error) {
    return error;
  }
}
