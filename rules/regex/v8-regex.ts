import type { RegexMatch } from "./regex";
import type { Node, Syntax } from "./syntax";
import { hasEmptyIterations, keepsGroupsAlike, some, triesEmptyLast } from "./traits";
import { longestForV8 } from "./v8-bound";
import { translate, type V8Source } from "./v8-source";

/** Conditions on a text for V8 to search it like Python. */
interface Demands {
  /** Maximum length, in UTF-16 units. */
  readonly longest: number;
  /** `\b` for all letters; V8 only supports ASCII. */
  readonly onlyAscii: boolean;
  /** `$`, which also matches before a newline at the end. */
  readonly noLastNewline: boolean;
  /** Boundaries, which Python never finds in the empty text. */
  readonly notEmpty: boolean;
  /** `(?m)`: V8 knows more line ends than the newline. */
  readonly noReturn: boolean;
}

/** A pattern run by V8, for texts on which it behaves like Python in a limited number of steps. */
export class V8Regex {
  readonly #source: V8Source;
  readonly #groupCount: number;
  readonly #flags: string;
  readonly #demands: Demands;
  /** Whether V8 finds the same first match with the same groups; if not, it still determines whether there is one. */
  readonly isExact: boolean;
  /** Whether it finds the same matches, including empty ones. */
  readonly isExactForAll: boolean;
  #first?: RegExp;
  #from?: RegExp;
  #prefix?: RegExp;
  #full?: RegExp;

  /** `undefined` if V8 can run the pattern for no text. */
  static of(syntax: Syntax): V8Regex | undefined {
    const { root } = syntax;
    const longest = longestForV8(root);
    // V8 has a single meaning of `^` and `$` for the whole pattern.
    const isMixed = hasAssertion(root, /^line/) && hasAssertion(root, /^(?:text|end)/);
    return longest > 0 && !isMixed ? new V8Regex(syntax, longest) : undefined;
  }

  private constructor({ root, groupCount }: Syntax, longest: number) {
    this.#groupCount = groupCount;
    const mindsLineEnds = hasAssertion(root, /^line/);
    const mindsBoundaries = hasAssertion(root, BOUNDARY);
    this.#source = translate(root, groupCount);
    this.#flags = mindsLineEnds ? "m" : "";
    this.#demands = {
      longest,
      onlyAscii: some(root, (node) => node.kind === "assertion" && BOUNDARY.test(node.assertion) && !node.ascii),
      noLastNewline: hasAssertion(root, /^end$/),
      notEmpty: mindsBoundaries,
      noReturn: mindsLineEnds,
    };
    this.isExact = keepsGroupsAlike(root) && !hasEmptyIterations(root);
    this.isExactForAll = this.isExact && triesEmptyLast(root);
  }

  /** Whether V8 can search a text. */
  takes(text: string): boolean {
    const { longest, noLastNewline, noReturn, notEmpty, onlyAscii } = this.#demands;
    if (text.length > longest || (notEmpty && text === "") || (noLastNewline && text.endsWith("\n"))) return false;
    // Strings without characters above U+00FF are stored as bytes, so this costs nothing.
    if (/[\u0100-\uffff]/.test(text)) return false;
    return !(noReturn && text.includes("\r")) && !(onlyAscii && /[\x80-\xff]/.test(text));
  }

  /** Whether V8 can match the start of a text, or all of it. Never with `(?m)`: anchored patterns have no flags. */
  takesAnchored(text: string): boolean {
    return this.#flags === "" && this.takes(text);
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
    // Several groups of the translation can correspond to one of the pattern; the last that participated counts.
    const merged: (string | undefined)[] = new Array<undefined>(this.#groupCount).fill(undefined);
    groups.forEach((group, index) => (merged[group - 1] = match[index + 1] ?? merged[group - 1]));
    return merged;
  }
}

const NO_GROUPS: readonly (string | undefined)[] = [];

const BOUNDARY = /^(?:noB|b)oundary$/;

function hasAssertion(root: Node, name: RegExp): boolean {
  return some(root, (node) => node.kind === "assertion" && name.test(node.assertion));
}
