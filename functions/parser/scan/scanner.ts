import { instantiate, unpackModule } from "../web-assembly";
import { MODULE } from "./module";
import { Scan } from "./scan";
import { Shape } from "./shape";
import { ShortTexts } from "./short-texts";
import type { ScanMode, ScannerMemory, WalkedLogs } from "./tape";

/** Exports of the module; see `assembly/` for their meaning. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly lines: { readonly value: number };
  readonly verdicts: { readonly value: number };
  readonly isFull: { readonly value: number };
  scan(window: number, length: number, mode: ScanMode): number;
  clear(): void;
  walkLogs(window: number, length: number, mode: number): number;
  readonly reached: { readonly value: number };
  readonly isListEnd: { readonly value: number };
  readonly filled: { readonly value: number };
  readonly longest: { readonly value: number };
  readonly textLength: { readonly value: number };
  readonly PIECE_BYTES: { readonly value: number };
  readonly PIECE_START: { readonly value: number };
  readonly LOGS_START: { readonly value: number };
  readonly TREE: { readonly value: number };
  readonly NODES: { readonly value: number };
  readonly NODE_BYTES: { readonly value: number };
  readonly WINDOWS: { readonly value: number };
  readonly WINDOWS_START: { readonly value: number };
  readonly WINDOW_BYTES: { readonly value: number };
  readonly TEXT_BYTES: { readonly value: number };
  readonly LINES_START: { readonly value: number };
  readonly TAPE_START: { readonly value: number };
  readonly INNER_START: { readonly value: number };
}

/**
 * Maximum number of names in all stored shapes. A name takes about 100 bytes of memory. Without a limit, lines with one
 * more key each than the previous one would create millions of them.
 */
const MOST_NAMES = 100_000;

/** Number of scans after which the tree of keys can be cleared again. */
const SCANS_BETWEEN_CLEARS = 500;

/**
 * Number of words that are copied from ended scans into one block of memory, which is freed when all of them are gone:
 * allocating a block for each would take longer than filling it. A scan copies fewer words than this.
 */
const KEPT_WORDS = 64 * 1024;

let shared: Scanner | undefined;
let isTried = false;

/** The scanner of this process; undefined if WebAssembly, its SIMD or the memory for it is not available. */
export function scanner(): Scanner | undefined {
  if (!isTried) shared = openScanner();
  isTried = true;
  return shared;
}

/**
 * Creates a new scanner; undefined if it is not available.
 *
 * @param binary the module @default the one that the build created
 */
export function openScanner(binary: Uint8Array = unpackModule(MODULE)): Scanner | undefined {
  const exports = instantiate<Exports>(binary);
  return exports && new Scanner(exports);
}

/**
 * Scans lines in its own memory, which holds the last few scans. When a newer scan takes its window, a scan is no
 * longer live.
 */
export class Scanner implements ScannerMemory {
  /** Maximum text length of a scan in bytes. */
  readonly maxBytes: number;
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly texts = new ShortTexts();
  readonly #exports: Exports;
  /** Where the windows begin, their distance, and the positions of the table of lines and the tapes in each. */
  readonly #windowsStart: number;
  readonly #windowBytes: number;
  readonly linesStart: number;
  readonly tapeStart: number;
  readonly innerStart: number;
  /**
   * Maximum length of a piece of a list of logs, and the positions of the piece and of the table of its logs in a
   * window.
   */
  readonly #pieceBytes: number;
  readonly #pieceStart: number;
  readonly #logsStart: number;
  readonly #tree: number;
  readonly #nodeBytes: number;
  readonly #scans: (Scan | undefined)[];
  /** By the number of their nodes. */
  readonly #shapes: (Shape | undefined)[];
  readonly #isMet: Uint8Array;
  /** Number of names in the shapes. */
  #names = 0;
  #next = 0;
  #scansUntilClear = 0;
  #kept = new Int32Array(0);
  #keptUsed = 0;

  constructor(exports: Exports) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.bytes = Buffer.from(buffer);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.#windowsStart = exports.WINDOWS_START.value;
    this.#windowBytes = exports.WINDOW_BYTES.value;
    this.linesStart = exports.LINES_START.value;
    this.tapeStart = exports.TAPE_START.value;
    this.innerStart = exports.INNER_START.value;
    this.#pieceBytes = exports.PIECE_BYTES.value;
    this.#pieceStart = exports.PIECE_START.value;
    this.#logsStart = exports.LOGS_START.value;
    this.#tree = exports.TREE.value;
    this.#nodeBytes = exports.NODE_BYTES.value;
    this.#shapes = new Array<undefined>(exports.NODES.value).fill(undefined);
    this.#isMet = new Uint8Array(exports.NODES.value);
    this.maxBytes = exports.TEXT_BYTES.value;
    this.#scans = new Array<undefined>(exports.WINDOWS.value).fill(undefined);
    exports.clear();
  }

  /** Returns a window for a text. There are few, so the oldest scan is no longer live. */
  begin(): Scan {
    if (this.#exports.isFull.value !== 0 && --this.#scansUntilClear < 0) this.clear();
    const scan = this.borrow();
    this.#next = (this.#next + 1) % this.#scans.length;
    return scan;
  }

  /** The same for a scan that ends before any other begins: the next one gets the same window. */
  borrow(): Scan {
    const window = this.#next;
    this.#scans[window]?.end();
    const start = this.#windowsStart + window * this.#windowBytes;
    return (this.#scans[window] = new Scan(this, window, start));
  }

  keepWords(at: number, count: number): { readonly words: Int32Array; readonly at: number } {
    if (this.#keptUsed + count > this.#kept.length) {
      this.#kept = new Int32Array(KEPT_WORDS);
      this.#keptUsed = 0;
    }
    const kept = { words: this.#kept, at: this.#keptUsed };
    kept.words.set(this.words.subarray(at, at + count), kept.at);
    this.#keptUsed += count;
    return kept;
  }

  run(window: number, length: number, mode: ScanMode): number {
    return this.#exports.scan(window, length, mode);
  }

  get lines(): number {
    return this.#exports.lines.value;
  }

  walkLogs(window: number, piece: Uint8Array, mode: number): WalkedLogs {
    const start = this.#windowsStart + window * this.#windowBytes;
    const length = Math.min(piece.length, this.#pieceBytes);
    this.bytes.set(piece.subarray(0, length), start + this.#pieceStart);
    const logs = this.#exports.walkLogs(window, length, mode);
    const { filled, longest, reached, isListEnd, textLength } = this.#exports;
    return {
      logs,
      lines: filled.value,
      longest: longest.value < 0 ? Infinity : longest.value,
      table: (start + this.#logsStart) >> 2,
      reached: reached.value,
      isListEnd: isListEnd.value !== 0,
      textLength: textLength.value,
    };
  }

  get verdicts(): number {
    return this.#exports.verdicts.value;
  }

  shape(number: number): Shape | undefined {
    if (number < 0) return undefined;
    return this.#shapes[number] ?? this.#keep(number, new Shape(this.#keysOf(number)));
  }

  /** Stores a shape. If there are too many, others are removed, and created again when they are needed. */
  #keep(number: number, shape: Shape): Shape {
    this.#names += shape.names.length;
    if (this.#names > MOST_NAMES) {
      this.#shapes.fill(undefined);
      this.#names = shape.names.length;
    }
    return (this.#shapes[number] = shape);
  }

  shapeMetAgain(number: number): Shape | undefined {
    if (number < 0) return undefined;
    const known = this.#shapes[number];
    if (known) return known;
    if (this.#isMet[number] === 1) return this.shape(number);
    this.#isMet[number] = 1;
    return undefined;
  }

  /** The keys that lead to a node of the tree, as written in JSON. */
  #keysOf(number: number): string[] {
    const keys: string[] = [];
    const node = this.#tree + number * this.#nodeBytes;
    for (let at = node; at !== this.#tree; at = this.words[at >> 2]) {
      const [start, length] = [this.words[(at >> 2) + 1], this.words[(at >> 2) + 2]];
      // Without the comma and the colon.
      keys.push(this.bytes.toString("utf8", start + 1, start + length - 1));
    }
    return keys.reverse();
  }

  /** Removes all keys, so that lines of new kinds get shapes again. All scans are then no longer live. */
  clear(): void {
    this.#exports.clear();
    this.#shapes.fill(undefined);
    this.#names = 0;
    this.#isMet.fill(0);
    for (const scan of this.#scans) scan?.end();
    this.#scansUntilClear = SCANS_BETWEEN_CLEARS;
  }
}
