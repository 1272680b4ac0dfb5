import { foldRanges, type Fold } from "./fold";
import { clip, complement, includes, LAST_CODE_POINT, normalize, type Ranges } from "./ranges";
import { asciiCategory, category, latinCategory, type Category } from "./unicode";

/** A member of a class: a range of code points, or a category such as `\w`. */
export type SetItem =
  | { readonly range: readonly [number, number] }
  | { readonly category: Category; readonly negated: boolean; readonly ascii: boolean };

/** Maximum cached sets, because their ranges are computed once; if there are more, all are removed. */
const MOST_SHARED = 256;

/** Maximum members of a cached set; comparing more would take longer than creating the set. */
const MOST_MEMBERS = 16;

const shared = new Map<string, CharSet>();

/** The set of code points that one position of a pattern matches. Its wide part is computed on demand. */
export class CharSet {
  #latin?: Ranges;
  #all?: Ranges;
  #bitmap?: Uint8Array;

  constructor(
    readonly items: readonly SetItem[],
    readonly negated = false,
    readonly fold: Fold = "none",
  ) {}

  /** A set of these members, mostly the same instance for the same members. */
  static of(items: readonly SetItem[], negated = false, fold: Fold = "none"): CharSet {
    if (items.length > MOST_MEMBERS) return new CharSet(items, negated, fold);
    const key = `${negated ? "^" : ""}${fold}${items.map(keyOf).join()}`;
    let set = shared.get(key);
    if (set === undefined) {
      set = new CharSet(items, negated, fold);
      if (shared.size >= MOST_SHARED) shared.clear();
      shared.set(key, set);
    }
    return set;
  }

  static single(code: number, fold: Fold = "none"): CharSet {
    return CharSet.of([{ range: [code, code] }], false, fold);
  }

  /** All except some code points. */
  static except(...codes: readonly number[]): CharSet {
    return new CharSet(
      codes.map((code) => ({ range: [code, code] })),
      true,
    );
  }

  /** The members up to U+00FF. */
  latin(): Ranges {
    return (this.#latin ??= clip(this.#resolve(latinCategory), 0, 0xff));
  }

  all(): Ranges {
    return (this.#all ??= this.#resolve(category));
  }

  has(code: number): boolean {
    if (code > 0xff) return includes(this.all(), code);
    this.#bitmap ??= Uint8Array.from({ length: 0x100 }, (_, one) => (includes(this.latin(), one) ? 1 : 0));
    return this.#bitmap[code] === 1;
  }

  #resolve(categoryOf: (name: Category) => Ranges): Ranges {
    const ranges: (readonly [number, number])[] = [];
    for (const item of this.items) if ("range" in item) ranges.push(item.range);
    const folded = [...foldRanges(normalize(ranges), this.fold)];
    for (const item of this.items) {
      if ("range" in item) continue;
      const members = item.ascii ? asciiCategory(item.category) : categoryOf(item.category);
      folded.push(...(item.negated ? complement(members) : members));
    }
    const members = normalize(folded);
    return this.negated ? complement(members) : members;
  }
}

function keyOf(item: SetItem): string {
  if ("range" in item) return `${item.range[0]}-${item.range[1]}`;
  return `${item.negated ? "!" : ""}${item.category}${item.ascii ? "a" : ""}`;
}

export const ANY = new CharSet([{ range: [0, LAST_CODE_POINT] }]);

/** What `.` matches without the flag `s`. */
export const ANY_BUT_NEWLINE = CharSet.except(0x0a);

export const WORD = new CharSet([{ category: "word", negated: false, ascii: false }]);
export const ASCII_WORD = new CharSet([{ category: "word", negated: false, ascii: true }]);
