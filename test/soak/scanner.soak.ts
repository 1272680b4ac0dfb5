import { openScanner, type Scanner } from "../../functions/parser/scan/scanner";
import { compileChanged } from "../functions/parser/scan/compiled";
import { findFault, proveCases } from "../functions/parser/scan/suite";

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
  ["tokens.ts", "i8x16.min_u(bytes, i8x16.splat(0x1f))", "i8x16.min_u(bytes, i8x16.splat(0x1e))"],
  ["tokens.ts", "BACKSLASH: u32 = 0x5c", "BACKSLASH: u32 = 0x5d"],
  ["tokens.ts", "case 0x62:", "case 0x61:"],
  ["tokens.ts", "digit < 6", "digit < 5"],
  ["tokens.ts", "- 0x61 <= 5", "- 0x61 <= 6"],
  ["tokens.ts", "WORD_DIGITS: i32 = 18", "WORD_DIGITS: i32 = 20"],
  ["tokens.ts", "MAX_SAFE: u64 = 9007199254740991", "MAX_SAFE: u64 = 9007199254740993"],
  ["tokens.ts", "FINITE_DIGITS: i32 = 100", "FINITE_DIGITS: i32 = 400"],
  ["tokens.ts", "FINITE_EXPONENT_DIGITS: i32 = 2", "FINITE_EXPONENT_DIGITS: i32 = 3"],
  ["tokens.ts", "if (isNegative && value === 0)", "if (isNegative && value === 1)"],
  ["tokens.ts", "1000000000000000, 10000000000000000,", "10000000000000000, 10000000000000000,"],
  ["tokens.ts", "at + 10 - end", "at + 11 - end"],
  ["tokens.ts", "(load<u64>(at, 1) << others)", "(load<u64>(at, 2) << others)"],
  ["tokens.ts", "SAFE_DIGITS: i32 = 15", "SAFE_DIGITS: i32 = 17"],
  ["tokens.ts", "0x7676767676767676", "0x7576767676767676"],
  ["tokens.ts", "secondCount === 8 ||", "secondCount === 9 ||"],
  ["tokens.ts", "(isFraction && secondCount === 0)", "(isFraction && secondCount === 9)"],
  ["tokens.ts", "if (next === POINT) return 0;", "if (next === PLUS) return 0;"],
  ["tokens.ts", "count > 1 && (first & 0xff) === 0", "count > 2 && (first & 0xff) === 0"],
  ["tokens.ts", "const pairs = (digits * 10", "const pairs = (digits * 11"],
  ["tokens.ts", "const fours = (pairs * 100 ", "const fours = (pairs * 101 "],
  ["tokens.ts", "return (fours * 10000 ", "return (fours * 10001 "],
  ["tokens.ts", "!(isNegative && isLeadingZero)", "!(isNegative && isPower)"],
  [
    "tokens.ts",
    "isOther = i8x16.lt_s(bytes, i8x16.splat(<i8>SPACE))",
    "isOther = i8x16.lt_s(bytes, i8x16.splat(<i8>0x1f))",
  ],
  ["index.ts", "(keysSeen & ESCAPED) === 0 ? UNNUMBERED", "(keysSeen & 0) === 0 ? UNNUMBERED"],
  ["index.ts", "hasReturn ? WITH_RETURN : 0", "hasReturn ? 0 : 0"],
  ["index.ts", "verdict === EMPTY ? WITH_EMPTY : 0", "verdict === EMPTY ? 0 : 0"],
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
  it.each(PLANTED)("%s: %s becomes %s", (planted, code, fault) => {
    const binary = compileChanged((file, source) => {
      if (file !== planted) return source;
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
