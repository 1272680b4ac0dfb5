import { openScanner, type Scanner } from "../../../../functions/parser/scan/scanner";
import { findFault, proveCases } from "./suite";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

let scanner: Scanner;
beforeAll(() => {
  const opened = openScanner();
  if (!opened) throw new Error("this machine must have WebAssembly with SIMD for these tests");
  scanner = opened;
});

describe("the scanner proves what JSON.parse takes, and tells it for the same:", () => {
  for (const [name, run] of proveCases()) it(name, () => run(scanner));

  it("lines by grammar, lines of programs, and what becomes of them when bytes are changed", () => {
    const tally = { lines: 0, proven: 0 };
    findFault(scanner, SEED, 8_000, tally);
    console.log(`${tally.lines} lines scanned, ${tally.proven} of them proven (LOGS_SEED=${SEED})`);
    expect(tally.proven).toBeGreaterThan(2_000);
  });
});
