import type { Scan } from "../../../../functions/parser/scan/scan";
import type { Scanner } from "../../../../functions/parser/scan/scanner";
import { ALL, MEMBERS } from "../../../../functions/parser/scan/tape";
import { badLines, everyByte, everyByteInVectors, goodLines, keyLines, nestedLines, numberLines } from "./cases";
import { prove, type Tally } from "./proof";
import { Random } from "./random";
import { grammarLine, logLine, mutated } from "./random-lines";
import { readSeeds } from "./seeds";

/** Maximum nesting below a line's object that the scanner accepts, in both modes. */
const DEPTH = 63;

/** Fixed cases by name; each throws if the scanner is wrong. */
export function proveCases(): [name: string, run: (scanner: Scanner) => void][] {
  return CASES.map(([name, run]) => [
    name,
    (scanner) => {
      scanner.clear();
      run(scanner);
    },
  ]);
}

const CASES: [name: string, run: (scanner: Scanner) => void][] = [
  ["every byte in every place", (scanner) => everyByte().forEach((text) => prove(scanner, text))],
  ["every byte at every place of a vector", (scanner) => everyByteInVectors().forEach((text) => prove(scanner, text))],
  ["each rule of the grammar", (scanner) => goodLines().forEach((line) => prove(scanner, Buffer.from(line), "proven"))],
  ["each way to break a rule", (scanner) => badLines().forEach((line) => prove(scanner, Buffer.from(line)))],
  ["lines side by side", (scanner) => prove(scanner, textOf([...goodLines(), ...badLines(), ...goodLines()]))],
  ["numbers of every length", (scanner) => prove(scanner, textOf(numberLines()))],
  [
    "what the fuzzer found to be of a kind of its own",
    (scanner) => readSeeds().forEach((seed) => prove(scanner, seed)),
  ],
  ["keys that are nearly foretold", proveKeys],
  ["nesting of every depth, and wrong brackets at every level", proveNesting],
  ["more lines than the table holds", proveManyLines],
  ["more members than the tape holds, beside a scan that is live", proveManyMembers],
  ["more inner values than the tape holds, beside scans that are live", proveManyInner],
  ["more kinds of lines than there is room for", proveManyShapes],
  ["more nodes than the tree of keys holds", proveManyNodes],
  ["more bytes of keys than there is room for, beside scans that are live", proveLongKeys],
  ["lines as long as the text may be", proveLongLines],
];

/**
 * Tries that many random lines: from a grammar, from programs, and mutated.
 *
 * @throws Error that describes the first fault
 */
export function findFault(scanner: Scanner, seed: number, lines: number, tally: Tally): void {
  const random = new Random(seed);
  while (tally.lines < lines) {
    const batch: Buffer[] = [];
    for (let count = 1 + random.below(40); count > 0; count--) {
      const line = Buffer.from(random.below(2) === 0 ? grammarLine(random) : logLine(random));
      batch.push(line);
      if (random.below(3) === 0) batch.push(mutated(random, line), line);
    }
    const good = batch.filter((_, index) => index % 7 !== 6);
    prove(scanner, Buffer.concat(good.flatMap((line) => [line, LINE_FEED])), "any", tally);
    const whole = Buffer.from(`${grammarLine(random)}\n${logLine(random)}`);
    prove(scanner, whole, "proven", tally);
  }
}

const LINE_FEED = Buffer.from("\n");

function textOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join("\n"));
}

function proveNesting(scanner: Scanner): void {
  for (let depth = 0; depth < 140; depth++) {
    const { good, bad } = nestedLines(depth);
    for (const line of good) prove(scanner, Buffer.from(line), depth <= DEPTH ? "proven" : "any");
    prove(scanner, textOf(bad));
  }
  // The text of the first window is after the stack of containers; each window is tried as that of a live scan.
  besideLiveScans(scanner, (scan) => {
    for (const depth of [64, 65, 66]) for (const line of nestedLines(depth).good) scan.append(Buffer.from(`${line}\n`));
    scan.run(ALL);
  });
}

function proveManyLines(scanner: Scanner): void {
  for (const line of ["{}\n", '{"a":1}\n', "\n", " \r\n", "x\n"]) prove(scanner, Buffer.from(line.repeat(10_000)));
}

function proveManyMembers(scanner: Scanner): void {
  const wide = (members: number, first = 0) =>
    `{${Array.from({ length: members }, (_, at) => `"k${(first + at) % 40}":${at}`).join(",")}}`;
  prove(scanner, textOf(Array.from({ length: 4_000 }, (_, line) => wide(4, line % 3))));
  // The tape of inner values is after the tape.
  prove(scanner, textOf(['{"a":[1,2,{"b":3}]}', wide(8191), '{"z":[4,5]}', wide(2)]), "proven");
  prove(scanner, textOf([wide(8191), wide(8192), wide(8193), wide(1), wide(8192), wide(9000)]));
  // After the tapes of a window is the text of the next one, which belongs to the oldest live scan.
  besideLiveScans(scanner, (scan) => {
    scan.append(Buffer.from(`{"":1}\n`.repeat(4_095)));
    scan.append(Buffer.from(`${wide(5_000)}\n`));
    scan.run(MEMBERS);
  });
}

function proveManyInner(scanner: Scanner): void {
  const list = (values: number) =>
    `{"a":[${Array.from({ length: values }, (_, at) => at % 10).join(",")}],"b":{"c":[]}}`;
  prove(scanner, textOf([list(8_190), list(8_191), list(8_192), list(1), list(20_000), list(3)]), "proven");
  prove(scanner, textOf(Array.from({ length: 300 }, () => list(50))), "proven");
  prove(scanner, textOf([`{"a":[${"[[[]]],".repeat(3_000)}{}]}`, `{"a":[${'{"b":{}},'.repeat(3_000)}{}]}`]), "proven");
  besideLiveScans(scanner, (scan) => {
    scan.append(Buffer.from(`${list(8_000)}\n${list(1_000)}`));
    scan.run(ALL);
  });
}

/** The text is longer than what the tape stores in its own bytes, and so shows whether these are still intact. */
const LIVE = '{"a":"a text that stands where a neighbour would write","b":2}';

const WINDOWS = 8;

/** Runs a scan in each window in turn, while all others have live scans, which must not change. */
function besideLiveScans(scanner: Scanner, run: (scan: Scan) => void): void {
  for (let turn = 0; turn < WINDOWS; turn++) {
    const live = liveScans(scanner, WINDOWS - 1);
    run(scanner.begin());
    requireLive(live);
    // After as many scans as there are windows, the same one would be used again.
    scanner.begin();
  }
}

function liveScans(scanner: Scanner, count: number): Scan[] {
  return Array.from({ length: count }, () => {
    const scan = scanner.begin();
    scan.append(Buffer.from(LIVE));
    scan.run(MEMBERS);
    return scan;
  });
}

function requireLive(scans: readonly Scan[]): void {
  for (const scan of scans) {
    if (scan.isLive && JSON.stringify(scan.fields(0)) !== LIVE) throw new Error("a live scan is overwritten");
  }
}

function proveKeys(scanner: Scanner): void {
  for (const lines of keyLines()) {
    scanner.clear();
    prove(scanner, textOf(lines));
  }
}

function proveManyNodes(scanner: Scanner): void {
  prove(scanner, textOf(Array.from({ length: 4096 }, (_, at) => `{"a${at}":1,"b${at}":2}`)), "proven");
  // Keys without a number are compared by their bytes, so none of them can contain an escape.
  const unnumbered = ['{"new":1,"more":2}', '{"n\\u0065w":1}', '{"new":1,"n\\u0065w":2}', '{"n\\u0065w":2,"neu":3}'];
  prove(scanner, textOf([...unnumbered, '{"neü":1}', '{"new":1,"new":2}', ...unnumbered]), "proven");
  scanner.clear();
  prove(scanner, textOf(Array.from({ length: 4096 }, (_, at) => `{"a${at >> 6}":1,"b${at & 63}":2}`)), "proven");
}

function proveLongKeys(scanner: Scanner): void {
  const line = (at: number) => `{"a${at >> 5}":1,"${"k".repeat(240)}${at}":2}\n`;
  // Each window is once the one after the keys.
  for (let window = 0; window < 8; window++) {
    scanner.clear();
    const live = liveScans(scanner, 5);
    for (const [from, to] of [
      [0, 300],
      [300, 600],
    ]) {
      const scan = scanner.begin();
      for (let at = from; at < to; at++) scan.append(Buffer.from(line(at)));
      scan.run(MEMBERS);
      scan.fields(0);
    }
    requireLive(live);
  }
}

function proveManyShapes(scanner: Scanner): void {
  const random = new Random(1);
  for (let round = 0; round < 300; round++) {
    const lines = Array.from(
      { length: 20 },
      (_, line) => `{"${round}-${line}-${"k".repeat(random.below(60))}":1,"x":2}`,
    );
    prove(scanner, textOf([...lines, ...lines, '{"always":1,"here":"x"}', '{"always":1,"here":"y"}']), "proven");
  }
}

function proveLongLines(scanner: Scanner): void {
  const most = scanner.maxBytes;
  for (const length of [most - 1, most]) {
    prove(scanner, Buffer.from(`{"a":"${"x".repeat(length - 8)}"}`), "proven");
    prove(scanner, Buffer.from(`{"a":"${"x".repeat(length - 8)}"`));
    prove(scanner, Buffer.from(" ".repeat(length)));
    prove(scanner, Buffer.from(`{"a":${"1".repeat(length - 6)}}`), "proven");
  }
}
