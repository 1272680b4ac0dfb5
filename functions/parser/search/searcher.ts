import { instantiate, unpackModule } from "../web-assembly";
import { MODULE } from "./module";

/** What the module exports; `assembly/` says what it means. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly found: { readonly value: number };
  search(from: number, to: number, marksAll: number): number;
  readonly MASKS: { readonly value: number };
  readonly BUCKETS: { readonly value: number };
  readonly CHARACTERS: { readonly value: number };
  readonly ENTRIES: { readonly value: number };
  readonly ENTRY_BYTES: { readonly value: number };
  readonly TABLE_BYTES: { readonly value: number };
  readonly MARKS: { readonly value: number };
  readonly MOST_LITERALS: { readonly value: number };
  readonly TEXT: { readonly value: number };
  readonly TEXT_BYTES: { readonly value: number };
}

/** Where the parts of the module's tables stand. */
export interface Layout {
  readonly masks: number;
  readonly buckets: number;
  readonly characters: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly tableBytes: number;
  readonly mostLiterals: number;
}

let shared: Searcher | undefined;
let isTried = false;

/** The searcher of this process; undefined where WebAssembly, its SIMD or the memory for it is not to be had. */
export function searcher(): Searcher | undefined {
  if (!isTried) shared = openSearcher();
  isTried = true;
  return shared;
}

/**
 * A searcher of its own; undefined where there is none to be had.
 *
 * @param binary the module @default the one that the build made
 */
export function openSearcher(binary: Uint8Array = unpackModule(MODULE)): Searcher | undefined {
  const exports = instantiate<Exports>(binary);
  return exports && new Searcher(exports);
}

/** The module's memory: the tables of one set of literals, and a text. */
export class Searcher {
  readonly layout: Layout;
  /** Longest text in bytes. */
  readonly maxBytes: number;
  readonly #exports: Exports;
  readonly #bytes: Uint8Array;
  readonly #text: number;
  readonly #marks: number;
  #tables: Uint8Array | undefined;
  #owner: object | undefined;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#text = exports.TEXT.value;
    this.#marks = exports.MARKS.value;
    this.maxBytes = exports.TEXT_BYTES.value;
    this.layout = {
      masks: exports.MASKS.value,
      buckets: exports.BUCKETS.value,
      characters: exports.CHARACTERS.value,
      entries: exports.ENTRIES.value,
      entryBytes: exports.ENTRY_BYTES.value,
      tableBytes: exports.TABLE_BYTES.value,
      mostLiterals: exports.MOST_LITERALS.value,
    };
  }

  /** Whether what was loaded last is the owner's still: there is one text at a time. */
  isLoadedBy(owner: object): boolean {
    return this.#owner === owner;
  }

  /** Makes a text the one to be searched, by tables. It may be as long as {@link maxBytes}. */
  load(owner: object, tables: Uint8Array, text: Uint8Array): void {
    if (this.#tables !== tables) this.#bytes.set(tables, this.layout.masks);
    this.#tables = tables;
    this.#owner = owner;
    this.#bytes.set(text, this.#text);
  }

  /** Place of the first literal between two places of the text, or -1. */
  next(from: number, to: number): number {
    return this.#exports.search(from, to, 0);
  }

  /** Number of the literal that was found last. */
  get found(): number {
    return this.#exports.found.value;
  }

  /** Marks the literals between two places of the text in a list by their numbers. */
  mark(from: number, to: number, marks: Uint8Array): void {
    const own = this.#bytes.subarray(this.#marks, this.#marks + marks.length);
    own.fill(0);
    this.#exports.search(from, to, 1);
    for (let number = 0; number < marks.length; number++) if (own[number] !== 0) marks[number] = 1;
  }
}
