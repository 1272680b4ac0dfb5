import { instantiate, unpackModule } from "../web-assembly";
import { MODULE } from "./module";

/** Exports of the module; see `assembly/` for their meaning. */
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

/** Positions of the module's tables. */
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

/** The searcher of this process; undefined if WebAssembly, its SIMD or the memory for it is not available. */
export function searcher(): Searcher | undefined {
  if (!isTried) shared = openSearcher();
  isTried = true;
  return shared;
}

/**
 * Creates a new searcher; undefined if it is not available.
 *
 * @param binary the module @default the one that the build created
 */
export function openSearcher(binary: Uint8Array = unpackModule(MODULE)): Searcher | undefined {
  const exports = instantiate<Exports>(binary);
  return exports && new Searcher(exports);
}

/** The module's memory: the tables of one set of literals, and a text. */
export class Searcher {
  readonly layout: Layout;
  /** Maximum text length in bytes. */
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

  /** Whether the memory still holds what this owner loaded: there is only one text at a time. */
  isLoadedBy(owner: object): boolean {
    return this.#owner === owner;
  }

  /** Loads a text to search, and the tables. The text can be at most {@link maxBytes} long. */
  load(owner: object, tables: Uint8Array, text: Uint8Array): void {
    if (this.#tables !== tables) this.#bytes.set(tables, this.layout.masks);
    this.#tables = tables;
    this.#owner = owner;
    this.#bytes.set(text, this.#text);
  }

  /** Position of the first literal between two positions of the text, or -1. */
  next(from: number, to: number): number {
    return this.#exports.search(from, to, 0);
  }

  /** Index of the literal that was found last. */
  get found(): number {
    return this.#exports.found.value;
  }

  /** Marks the literals between two positions of the text in a list, by their indexes. */
  mark(from: number, to: number, marks: Uint8Array): void {
    const own = this.#bytes.subarray(this.#marks, this.#marks + marks.length);
    own.fill(0);
    this.#exports.search(from, to, 1);
    for (let number = 0; number < marks.length; number++) if (own[number] !== 0) marks[number] = 1;
  }
}
