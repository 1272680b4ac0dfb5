import { prove, type Tally } from "./proof";
import { Random } from "./random";
import { grammarLine, logLine, mutated } from "./random-lines";
import type { CountingScanner } from "./states";

/** Longest input in bytes: what matters in a vector, and in lines that follow each other, is shorter. */
const MAX_BYTES = 600;

/** What tokens are made of. */
const PIECES = [
  ...[
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    "\r",
    " ",
    "\t",
    "0",
    "-",
    ".",
    "e",
    "E+",
    "null",
    "true",
    "false",
  ],
  ...['""', "{}", "[]", '"a":', ',"b":1', "12345678", "9007199254740993", "0.1", "-0", "1e400", "\\u00e9", "\\ud800"],
  ...["é", "中文", "\u{1f600}", "\u0000", "\u001f", "\u007f", '{"a":1}\n', '"a longer key than a vector":'],
].map((piece) => Buffer.from(piece));

/** How often a pair of branches was gone through, as far as it matters: once, twice, some times, often. */
function levelOf(count: number): number {
  return count < 4 ? count : count < 16 ? 4 : count < 128 ? 5 : 6;
}
const LEVELS = 8;

/**
 * Looks for inputs of which the scanner tells other things than JSON.parse. It is led by the scanner's states: an input that
 * brings a pair of branches, in a mode, or brings it more often than any before, is kept, and others are made of it.
 */
export class Fuzzer {
  readonly tally: Tally = { lines: 0, proven: 0 };
  /** Inputs that were tried. */
  tried = 0;
  readonly #target: CountingScanner;
  readonly #random: Random;
  readonly #counters: Uint32Array;
  /** Of each state, the shortest input that brings it. */
  readonly #shortest = new Map<number, Buffer>();
  #kept: Buffer[] = [];

  constructor(target: CountingScanner, seed: number) {
    this.#target = target;
    this.#random = new Random(seed);
    const { buffer, byteOffset, length } = target.counters;
    this.#counters = new Uint32Array(buffer, byteOffset, length / 4);
  }

  /** How many states were seen. */
  get states(): number {
    return this.#shortest.size;
  }

  /** Few inputs that bring all states that were seen. */
  get seeds(): Buffer[] {
    return [...new Set(this.#shortest.values())];
  }

  /**
   * Tries an input, and keeps it where it brings a new state.
   *
   * @throws Error that tells the input with which the scanner is wrong
   */
  try(input: Buffer): void {
    const { scanner, counters } = this.#target;
    scanner.clear();
    counters.fill(0);
    this.tried++;
    prove(scanner, input, "any", this.tally);
    let isNew = false;
    for (let word = 0; word < this.#counters.length; word++) {
      if (this.#counters[word] === 0) continue;
      for (let at = word * 4; at < word * 4 + 4; at++) {
        const state = at * LEVELS + levelOf(counters[at]);
        const shortest = this.#shortest.get(state);
        if (counters[at] === 0 || (shortest !== undefined && shortest.length <= input.length)) continue;
        this.#shortest.set(state, input);
        isNew ||= shortest === undefined;
      }
    }
    if (isNew) this.#kept.push(input);
  }

  /** Tries so many inputs that are made of those that were kept. */
  run(inputs: number): void {
    // Those for which there is a shorter one now bring nothing of their own.
    this.#kept = this.seeds;
    for (let count = 0; count < inputs; count++) this.try(this.#next());
  }

  #next(): Buffer {
    const random = this.#random;
    if (this.#kept.length === 0 || random.below(50) === 0) {
      return Buffer.from(`${random.below(2) === 0 ? grammarLine(random) : logLine(random)}\n`).subarray(0, MAX_BYTES);
    }
    let input = random.pick(this.#kept);
    for (let times = 1 + random.below(4); times > 0; times--) input = this.#changed(input);
    return input.length === 0 ? Buffer.from("{}") : input.subarray(0, MAX_BYTES);
  }

  #changed(input: Buffer): Buffer {
    const random = this.#random;
    const at = random.below(input.length + 1);
    const end = at + random.below(Math.min(40, input.length - at) + 1);
    const [before, piece, behind] = [input.subarray(0, at), input.subarray(at, end), input.subarray(end)];
    switch (random.below(8)) {
      case 0:
        return Buffer.concat([before, random.pick(PIECES), piece, behind]);
      case 1:
        return Buffer.concat([before, random.pick(PIECES), behind]);
      case 2:
        return Buffer.concat([before, behind]);
      case 3:
        return Buffer.concat([before, ...Array.from({ length: 1 + random.below(20) }, () => piece), behind]);
      case 4: {
        const other = random.pick(this.#kept);
        return Buffer.concat([before, other.subarray(random.below(other.length + 1))]);
      }
      case 5:
        // Keys are foretold by the line before.
        return Buffer.concat([input, Buffer.from("\n"), random.below(2) === 0 ? input : mutated(random, input)]);
      case 6:
        return Buffer.concat([before, Buffer.from(String(random.below(2 ** 31))), behind]);
      default:
        return mutated(random, input);
    }
  }
}
