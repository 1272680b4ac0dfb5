import { BacktrackingMatcher } from "./backtracking";
import { check } from "./check";
import type { Constraints, Matcher } from "./matcher";
import { PikeMatcher } from "./pike";
import { makeProgram } from "./program";
import type { Regex, RegexEngine, RegexMatch } from "./regex";
import type { Syntax } from "./syntax";
import { codeAt, unitsOf } from "./text";
import { findBacktracking } from "./traits";
import { prepareV8 } from "./v8-engine";
import { V8Translations, type V8Regex } from "./v8-regex";

/**
 * A pattern of Python's `re`, ready to match, with the results that Python gives.
 *
 * V8 runs what it can run in linear time; what it cannot say exactly as Python does, for the pattern or for a text, our
 * own linear matcher runs. Patterns with look-around or references to groups are taken with the engine `backtracking`
 * alone, each match under a time limit of 100 ms, beyond which it fails with a `RuleFailure`.
 *
 * Throws a `RegexError` where the pattern cannot be compiled.
 */
export function compileRegex(pattern: string, engine: RegexEngine = "linear"): Regex {
  return new CompiledRegex(pattern, check(pattern, engine));
}

class CompiledRegex implements Regex {
  readonly #syntax: Syntax;
  readonly #v8: V8Translations | undefined;
  #made?: Matcher;

  constructor(
    readonly pattern: string,
    syntax: Syntax,
  ) {
    this.#syntax = syntax;
    if (findBacktracking(syntax.root) || !prepareV8()) return;
    const translations = new V8Translations(syntax);
    if (!translations.isUnfit) this.#v8 = translations;
  }

  get groupCount(): number {
    return this.#syntax.groupCount;
  }

  get groupNames(): ReadonlyMap<string, number> {
    return this.#syntax.groupNames;
  }

  test(text: string): boolean {
    const v8 = this.#v8?.for(text);
    return v8 ? v8.test(text) : this.#matcher.find(text, 0, {}) !== null;
  }

  testFull(text: string): boolean {
    const v8 = this.#v8?.forAnchored(text);
    return v8 ? v8.testFull(text) : this.#matcher.find(text, 0, FULL) !== null;
  }

  search(text: string, from = 0): RegexMatch | null {
    const v8 = this.#exact?.for(text);
    return v8 ? v8.search(text, from) : this.#find(text, from, {});
  }

  fullMatch(text: string): RegexMatch | null {
    const v8 = this.#exact?.forAnchored(text);
    return v8 ? v8.fullMatch(text) : this.#find(text, 0, FULL);
  }

  prefixMatch(text: string): RegexMatch | null {
    const v8 = this.#exact?.forAnchored(text);
    return v8 ? v8.prefixMatch(text) : this.#find(text, 0, { anchored: true });
  }

  *matches(text: string): IterableIterator<RegexMatch> {
    const v8 = this.#v8?.isExactForAll ? this.#v8.for(text) : undefined;
    let match = v8 ? v8.search(text, 0) : this.#find(text, 0, {});
    while (match) {
      yield match;
      match = v8 ? nextOf(v8, text, match) : this.#find(text, match.end, { advance: match.start === match.end });
    }
  }

  get #exact(): V8Translations | undefined {
    return this.#v8?.isExact ? this.#v8 : undefined;
  }

  get #matcher(): Matcher {
    return (this.#made ??= this.#makeMatcher());
  }

  #makeMatcher(): Matcher {
    const { root, groupCount } = this.#syntax;
    const program = makeProgram(root, groupCount);
    return findBacktracking(root) ? new BacktrackingMatcher(program, this.pattern) : new PikeMatcher(program);
  }

  #find(text: string, from: number, constraints: Constraints): RegexMatch | null {
    const slots = this.#matcher.find(text, from, constraints);
    if (!slots) return null;
    const [start, end] = slots;
    const groups: (string | undefined)[] = [];
    for (let slot = 2; slot < slots.length; slot += 2) {
      groups.push(slots[slot + 1] < 0 ? undefined : text.slice(slots[slot], slots[slot + 1]));
    }
    return { text: text.slice(start, end), start, end, groups };
  }
}

const FULL: Constraints = { anchored: true, full: true };

/** The match after a match. Where V8 finds an empty one, there is no other at that place. */
function nextOf(v8: V8Regex, text: string, { start, end }: RegexMatch): RegexMatch | null {
  const from = start === end ? end + unitsOf(codeAt(text, end)) : end;
  return from > text.length ? null : v8.search(text, from);
}
