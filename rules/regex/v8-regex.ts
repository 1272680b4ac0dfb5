import { textKind } from "./alphabet";
import type { RegexMatch } from "./regex";
import type { Node, Syntax } from "./syntax";
import { hasEmptyIterations, isAnchored, keepsGroupsAlike, some, triesEmptyLast } from "./traits";
import { isLinear } from "./v8-engine";
import { translate, type Alphabet, type V8Source } from "./v8-source";

/** A translation with the regular expressions made of it so far. */
export class V8Regex {
  readonly #source: V8Source;
  readonly #flags: string;
  #first?: RegExp;
  #from?: RegExp;
  #prefix?: RegExp;
  #full?: RegExp;

  constructor(source: V8Source, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  test(text: string): boolean {
    return this.#anywhere().test(text);
  }

  search(text: string, from: number): RegexMatch | null {
    if (from === 0) return this.#match(this.#anywhere().exec(text));
    this.#from ??= new RegExp(this.#source.source, `g${this.#flags}`);
    this.#from.lastIndex = from;
    return this.#match(this.#from.exec(text));
  }

  prefixMatch(text: string): RegexMatch | null {
    this.#prefix ??= new RegExp(`^(?:${this.#source.source})`);
    return this.#match(this.#prefix.exec(text));
  }

  testFull(text: string): boolean {
    return this.#whole().test(text);
  }

  fullMatch(text: string): RegexMatch | null {
    return this.#match(this.#whole().exec(text));
  }

  #anywhere(): RegExp {
    return (this.#first ??= new RegExp(this.#source.source, this.#flags));
  }

  #whole(): RegExp {
    return (this.#full ??= new RegExp(`^(?:${this.#source.source})$`));
  }

  #match(match: RegExpExecArray | null): RegexMatch | null {
    if (!match) return null;
    const text = match[0];
    const start = match.index;
    return { text, start, end: start + text.length, groups: this.#groups(match) };
  }

  #groups(match: RegExpExecArray): readonly (string | undefined)[] {
    const { groups } = this.#source;
    if (!groups) return match.length === 1 ? NO_GROUPS : match.slice(1);
    // Several groups of the translation stand for one of the pattern; the last that took part counts.
    const merged: (string | undefined)[] = [];
    groups.forEach((group, index) => (merged[group - 1] = match[index + 1] ?? merged[group - 1]));
    return merged;
  }
}

const NO_GROUPS: readonly (string | undefined)[] = [];

/**
 * Longer texts are searched by V8's linear-time engine from the start, with patterns that may look far ahead from each
 * character: `\s+$`, `a.*?b`. Up to this length, in UTF-16 units, that takes some milliseconds at worst, and V8's other
 * engine is ten and more times as fast on what logs hold.
 */
const LONG_TEXT = 4096;

/**
 * A pattern as V8 runs it, in up to three translations for different texts; it tells for which texts and uses V8 does
 * what Python does.
 */
export class V8Translations {
  readonly #root: Node;
  readonly #flags: string;
  /** `\b` of all letters, where V8 knows that of ASCII. */
  readonly #mindsAscii: boolean;
  /** Boundaries, which Python never finds in the empty text. */
  readonly #mindsBoundaries: boolean;
  /** `$`, which also matches before a last newline. */
  readonly #mindsLastNewline: boolean;
  /** `(?m)`, where V8 knows more line ends than the newline. */
  readonly #mindsLineEnds: boolean;
  /** Whether the translations for all alphabets are one and the same, as those of literal texts are. */
  readonly #isUniform: boolean;
  /** Whether a search may look far ahead from each character of a text, which V8 does not count as going back. */
  readonly #scansFar: boolean;
  readonly #made = new Map<string, V8Regex | undefined>();
  /** Whether V8 finds the same first match with the same groups; if not, it still tells whether there is one. */
  readonly isExact: boolean;
  /** Whether it finds all matches alike, empty ones included. */
  readonly isExactForAll: boolean;

  constructor({ root }: Syntax) {
    this.#root = root;
    const boundaries = (node: Node): boolean => node.kind === "assertion" && /^(?:noB|b)oundary$/.test(node.assertion);
    this.#mindsBoundaries = some(root, boundaries);
    this.#mindsAscii = some(root, (node) => boundaries(node) && node.kind === "assertion" && !node.ascii);
    this.#mindsLastNewline = some(root, (node) => node.kind === "assertion" && node.assertion === "end");
    this.#mindsLineEnds = some(root, (node) => node.kind === "assertion" && node.assertion.startsWith("line"));
    this.#isUniform = !this.#mindsBoundaries && !some(root, (node) => node.kind === "set" && !node.set.isPlain);
    this.#scansFar = !isAnchored(root) && some(root, (node) => node.kind === "repeat" && node.max === Infinity);
    this.#flags = this.#mindsLineEnds ? "m" : "";
    this.isExact = keepsGroupsAlike(root) && !hasEmptyIterations(root);
    this.isExactForAll = this.isExact && triesEmptyLast(root);
  }

  /**
   * Whether V8 cannot do the pattern for any text: it has one meaning of `^` and `$` for a whole pattern.
   */
  get isUnfit(): boolean {
    return (
      this.#mindsLineEnds &&
      some(this.#root, (node) => node.kind === "assertion" && /^(?:text|end)/.test(node.assertion))
    );
  }

  /** The translation for a text; `undefined` where V8 would not do as Python does. */
  for(text: string): V8Regex | undefined {
    if (this.#mindsLastNewline && text.charCodeAt(text.length - 1) === 0x0a) return undefined;
    if (this.#mindsBoundaries && text === "") return undefined;
    const kind = this.#isUniform ? "latin" : textKind(text, this.#mindsAscii);
    if (this.#mindsAscii ? kind !== "ascii" : kind === "broken") return undefined;
    // Between the halves of a pair V8 would find the place of a boundary.
    if (this.#mindsBoundaries && kind === "full") return undefined;
    if (this.#mindsLineEnds && /[\r\u2028\u2029]/.test(text)) return undefined;
    const isLong = this.#scansFar && text.length > LONG_TEXT;
    return this.#translation(kind === "basic" || kind === "full" ? kind : "latin", isLong ? "l" : "");
  }

  /** Likewise, for a match of the whole text or of its start, which is not written for `(?m)`. */
  forAnchored(text: string): V8Regex | undefined {
    return this.#mindsLineEnds ? undefined : this.for(text);
  }

  #translation(alphabet: Alphabet, engine: "" | "l"): V8Regex | undefined {
    const key = alphabet + engine;
    if (!this.#made.has(key)) this.#made.set(key, this.#make(alphabet, engine));
    return this.#made.get(key);
  }

  #make(alphabet: Alphabet, engine: "" | "l"): V8Regex | undefined {
    const source = translate(this.#root, alphabet);
    if (!source || !isLinear(source.source, this.#flags)) return undefined;
    return new V8Regex(source, this.#flags + engine);
  }
}
