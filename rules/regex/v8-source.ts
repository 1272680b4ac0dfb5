import type { CharSet } from "./charset";
import { clip, complement, includes, LAST_CODE_POINT, normalize, type Ranges } from "./ranges";
import type { Node, Repeat } from "./syntax";
import { isNullable } from "./width";

/** Which texts a translation is for: of characters up to U+00FF, up to U+FFFF, or of all. */
export type Alphabet = "latin" | "basic" | "full";

/** A pattern in the dialect of V8's linear-time engine. */
export interface V8Source {
  readonly source: string;
  /** The group of the pattern that each group of the translation stands for; where it is the same for all, absent. */
  readonly groups?: readonly number[];
}

/** The counts of nested repetitions that V8's linear-time engine takes, multiplied. */
const MOST_COPIES = 16;

/** Longer translations are left to our own matcher: V8 would compile for long. */
const LONGEST_SOURCE = 30_000;

/** The translation, or `undefined` where it would be too long. The tree holds nothing that needs backtracking. */
export function translate(root: Node, alphabet: Alphabet): V8Source | undefined {
  const printer = new Printer(alphabet);
  const source = printer.print(root, 1);
  if (source.length > LONGEST_SOURCE) return undefined;
  const isIdentity = printer.groups.every((group, index) => group === index + 1);
  return isIdentity ? { source } : { source, groups: printer.groups };
}

class Printer {
  readonly groups: number[] = [];
  readonly #sets = new Map<CharSet, string>();
  #length = 0;

  constructor(readonly alphabet: Alphabet) {}

  /** @param copies the counts of the repetitions around, multiplied */
  print(node: Node, copies: number): string {
    // A pattern of nested counts grows fast: what is too long need not be printed to its end.
    if (this.#length > LONGEST_SOURCE) return "";
    switch (node.kind) {
      case "set":
        return this.#count(this.#set(node.set));
      case "assertion":
        return this.#count(ASSERTIONS[node.assertion]);
      case "sequence":
        return node.items.map((item) => this.#closed(item, copies)).join("");
      case "choice":
        return node.options.map((option) => this.print(option, copies)).join("|");
      case "capture":
        this.groups.push(node.index);
        return `(${this.print(node.body, copies)})`;
      case "repeat":
        return this.#repeat(node, copies);
      default:
        throw new Error(`${node.kind} is not for the linear-time engine`);
    }
  }

  #count(text: string): string {
    this.#length += text.length;
    return text;
  }

  /** As a part of a sequence. */
  #closed(node: Node, copies: number): string {
    const text = this.print(node, copies);
    return node.kind === "choice" ? `(?:${text})` : text;
  }

  /** As what a quantifier follows. */
  #atom(node: Node, copies: number): string {
    const text = this.print(node, copies);
    return node.kind === "capture" || node.kind === "set" ? text : `(?:${text})`;
  }

  #repeat(repeat: Repeat, copies: number): string {
    const { body, min, max, greedy } = repeat;
    const factor = max === Infinity ? Math.max(min, 1) : max;
    if (max === 0) return "";
    // JavaScript takes no iteration that matches nothing, but a branch that does.
    if (max === 1 && isNullable(body)) {
      const once = this.print(body, copies);
      return min === 1 ? `(?:${once})` : greedy ? `(?:${once}|)` : `(?:|${once})`;
    }
    if (copies * factor <= MOST_COPIES)
      return this.#atom(body, copies * factor) + quantifier(min, max) + lazily(greedy);
    if (max === Infinity) return this.#times(body, min, copies) + this.#atom(body, copies) + "*" + lazily(greedy);
    return this.#times(body, min, copies) + this.#upTo(repeat, max - min, copies);
  }

  /** The body some times, in blocks as large as the engine takes. */
  #times(body: Node, times: number, copies: number): string {
    const block = Math.floor(MOST_COPIES / copies);
    if (body.kind !== "set" || block < 2) {
      return Array.from({ length: times }, () => this.#closed(body, copies)).join("");
    }
    const rest = times % block;
    const blocks = Array.from({ length: Math.floor(times / block) }, () => `${this.#atom(body, 1)}{${block}}`);
    return blocks.join("") + (rest > 0 ? `${this.#atom(body, 1)}{${rest}}` : "");
  }

  /** The body up to some times, as options inside of options. */
  #upTo(repeat: Repeat, times: number, copies: number): string {
    const { body, greedy } = repeat;
    const block = Math.floor(MOST_COPIES / copies);
    if (body.kind === "set" && block >= 2) {
      // One character matches in one way alone, so that whole blocks can be tried before single ones.
      const atom = this.#atom(body, 1);
      const few = (most: number): string => this.#count(`${atom}{0,${most}}${lazily(greedy)}`);
      const upTo = (most: number): string => {
        if (most <= block) return few(most);
        const many = `${atom}{${block}}${upTo(most - block)}`;
        return greedy ? `(?:${many}|${few(block - 1)})` : `(?:${few(block - 1)}|${many})`;
      };
      return upTo(times);
    }
    let text = "";
    const opened: string[] = [];
    for (let count = 0; count < times; count++) opened.push(`(?:${this.#closed(body, copies)}`);
    for (const open of opened.reverse()) text = `${open}${text})?${lazily(greedy)}`;
    return text;
  }

  #set(set: CharSet): string {
    const known = this.#sets.get(set);
    if (known !== undefined) return known;
    const text = this.alphabet === "latin" ? classOf(set.latin(), 0xff) : this.#wide(set);
    this.#sets.set(set, text);
    return text;
  }

  #wide(set: CharSet): string {
    const members = set.all();
    if (this.alphabet === "basic") return classOf(clip(members, 0, 0xffff), 0xffff);
    const basic = normalize([...clip(members, 0, 0xd7ff), ...clip(members, 0xe000, 0xffff)]);
    const pairs = surrogatePairs(clip(members, 0x10000, LAST_CODE_POINT));
    if (pairs.length === 0) return classOf(basic, 0xffff);
    return `(?:${[...(basic.length > 0 ? [classOf(basic, 0xffff)] : []), ...pairs].join("|")})`;
  }
}

const ASSERTIONS = {
  textStart: "^",
  textEnd: "$",
  end: "$",
  lineStart: "^",
  lineEnd: "$",
  boundary: "\\b",
  noBoundary: "\\B",
};

function lazily(greedy: boolean): string {
  return greedy ? "" : "?";
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** A class of the members up to the last character of the alphabet, the shorter way. */
function classOf(members: Ranges, last: number): string {
  if (members.length === 1 && members[0][0] === members[0][1]) return characterOf(members[0][0]);
  // What reaches the end of the alphabet is written as what it leaves out, as people write it.
  if (includes(members, last))
    return `[^${complement(members)
      .filter(([start]) => start <= last)
      .map(rangeOf)
      .join("")}]`;
  return `[${members.map(rangeOf).join("")}]`;
}

function rangeOf([start, end]: readonly [number, number]): string {
  if (start === end) return characterOf(start);
  return `${characterOf(start)}${end > start + 1 ? "-" : ""}${characterOf(end)}`;
}

function characterOf(code: number): string {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9_ "'#%&,:;<=>@`~!]/.test(character)) return character;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\x${code.toString(16).padStart(2, "0")}`;
}

/** Characters beyond U+FFFF as pairs of UTF-16 units: whole blocks of low halves together. */
function surrogatePairs(members: Ranges): string[] {
  const byLows = new Map<string, Ranges>();
  const add = (first: number, last: number, low: number, high: number): void => {
    const lows = classOf([[low, high]], 0xffff);
    byLows.set(lows, normalize([...(byLows.get(lows) ?? []), [first, last]]));
  };
  for (const [start, end] of members) {
    let [first, last] = [highOf(start), highOf(end)];
    const [low, high] = [lowOf(start), lowOf(end)];
    if (first === last) {
      add(first, last, low, high);
      continue;
    }
    if (low !== 0xdc00) add(first, first++, low, 0xdfff);
    if (high !== 0xdfff) add(last, last--, 0xdc00, high);
    if (first <= last) add(first, last, 0xdc00, 0xdfff);
  }
  return Array.from(byLows, ([lows, highs]) => classOf(highs, 0xffff) + lows);
}

function highOf(code: number): number {
  return 0xd800 + ((code - 0x10000) >> 10);
}

function lowOf(code: number): number {
  return 0xdc00 + ((code - 0x10000) & 0x3ff);
}
