import { basename } from "node:path";
import { openScanner, type Scanner } from "../../functions/parser/scan/scanner";
import { compileChanged } from "../functions/parser/scan/compiled";
import { findFault, proveCases } from "../functions/parser/scan/suite";
import { SCANNER_FAULTS } from "./support/planted-faults";

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

describe("a fault planted in the scanner is found:", () => {
  it.each(SCANNER_FAULTS)("%s: %s becomes %s", (path, code, fault) => {
    const binary = compileChanged((file, source) => {
      if (file !== basename(path)) return source;
      expect(source.split(code)).toHaveLength(2);
      return source.replace(code, fault);
    });
    const scanner = openScanner(binary);
    expect(scanner && faultOf(scanner)).toBeDefined();
  });
});

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
