import { BacktrackingMatcher } from "./backtracking";
import type { Origin } from "./bounds";
import { check, type CheckedSyntax } from "./check";
import { LinearMatcher } from "./linear";
import type { Constraints, Work } from "./matcher";
import { makeProgram } from "./program";
import { requiredLiterals } from "./required";
import type { Regex, RegexEngine, RegexMatch } from "./regex";
import { codeAt, unitsOf } from "./text";
import { findBacktracking } from "./traits";
import { V8Regex } from "./v8-regex";

/**
 * Compiles a pattern of Python's `re`; matches give the same results as in Python.
 *
 * Time and memory of a match are limited by the length of the pattern times the length of the text. Patterns are run by
 * {@link LinearMatcher}, or by V8 for patterns and texts for which its steps are limited ({@link V8Regex}). Patterns
 * with look-around or group references need the engine `backtracking`; each match then has a time limit of 100 ms,
 * after which it fails with a `RuleFailure`.
 *
 * Throws a `RegexError` if the pattern cannot be compiled.
 *
 * @param origin of the pattern: one from an event has a lower time limit
 */
export function compileRegex(pattern: string, engine: RegexEngine = "linear", origin: Origin = "text"): Regex {
  const syntax = check(pattern, engine);
  if (findBacktracking(syntax.root)) return new BacktrackingRegex(pattern, syntax);
  return new LinearRegex(pattern, syntax, origin);
}

/** Common functions of all compiled patterns, on top of a matcher. */
abstract class CompiledRegex implements Regex {
  constructor(
    readonly pattern: string,
    protected readonly syntax: CheckedSyntax,
  ) {}

  get size(): number {
    return this.syntax.size;
  }

  get groupCount(): number {
    return this.syntax.groupCount;
  }

  get groupNames(): ReadonlyMap<string, number> {
    return this.syntax.groupNames;
  }

  forget(): void {
    // The backtracking engine stores nothing.
  }

  protected abstract find(text: string, from: number, constraints: Constraints): Int32Array | null;

  test(text: string): boolean {
    return this.find(text, 0, {}) !== null;
  }

  testFull(text: string): boolean {
    return this.find(text, 0, FULL) !== null;
  }

  search(text: string, from = 0): RegexMatch | null {
    return this.match(text, from, {});
  }

  fullMatch(text: string): RegexMatch | null {
    return this.match(text, 0, FULL);
  }

  prefixMatch(text: string): RegexMatch | null {
    return this.match(text, 0, { anchored: true });
  }

  *matches(text: string): IterableIterator<RegexMatch> {
    const work: Work = { read: 0, steps: 0 };
    let match = this.match(text, 0, { work });
    while (match) {
      yield match;
      match = this.match(text, match.end, { advance: match.start === match.end, work });
    }
  }

  protected match(text: string, from: number, constraints: Constraints): RegexMatch | null {
    const slots = this.find(text, from, constraints);
    if (!slots) return null;
    const [start, end] = slots;
    const groups: (string | undefined)[] = [];
    for (let slot = 2; slot < slots.length; slot += 2) {
      groups.push(slots[slot + 1] < 0 ? undefined : text.slice(slots[slot], slots[slot + 1]));
    }
    return { text: text.slice(start, end), start, end, groups };
  }
}

class BacktrackingRegex extends CompiledRegex {
  #matcher?: BacktrackingMatcher;

  protected override find(text: string, from: number, constraints: Constraints): Int32Array | null {
    const { root, groupCount } = this.syntax;
    this.#matcher ??= new BacktrackingMatcher(makeProgram(root, groupCount), this.pattern);
    return this.#matcher.find(text, from, constraints);
  }
}

/** The matcher is created for the first text: most patterns of a text that is only checked are never used. */
class LinearRegex extends CompiledRegex {
  #made?: LinearMatcher;
  /** V8, or `null` if it can run the pattern for no text. */
  #madeV8?: V8Regex | null;
  readonly #origin: Origin;
  /** What every text starts with that matches as a whole; empty if unknown. */
  #start?: string;

  constructor(pattern: string, syntax: CheckedSyntax, origin: Origin) {
    super(pattern, syntax);
    this.#origin = origin;
  }

  override test(text: string): boolean {
    const v8 = this.#v8();
    return v8?.takes(text) ? v8.test(text) : this.#matcher().test(text);
  }

  override testFull(text: string): boolean {
    // For most texts, the start shows that they do not match, in a fraction of the time of running the pattern.
    if (!text.startsWith((this.#start ??= startOf(this.pattern)))) return false;
    const v8 = this.#v8();
    return v8?.takesAnchored(text) ? v8.testFull(text) : this.#matcher().testFull(text);
  }

  override search(text: string, from = 0): RegexMatch | null {
    const exact = this.#exact();
    return exact?.takes(text) ? exact.search(text, from) : super.search(text, from);
  }

  override fullMatch(text: string): RegexMatch | null {
    const exact = this.#exact();
    return exact?.takesAnchored(text) ? exact.fullMatch(text) : super.fullMatch(text);
  }

  override prefixMatch(text: string): RegexMatch | null {
    const exact = this.#exact();
    return exact?.takesAnchored(text) ? exact.prefixMatch(text) : super.prefixMatch(text);
  }

  override matches(text: string): IterableIterator<RegexMatch> {
    const exact = this.#exact();
    return exact?.isExactForAll && exact.takes(text) ? matchesOf(exact, text) : super.matches(text);
  }

  protected override find(text: string, from: number, constraints: Constraints): Int32Array | null {
    return this.#matcher().find(text, from, constraints);
  }

  override forget(): void {
    this.#made?.forget();
    this.#made = undefined;
  }

  #v8(): V8Regex | null {
    return this.#madeV8 === undefined ? (this.#madeV8 = V8Regex.of(this.syntax) ?? null) : this.#madeV8;
  }

  /** V8, if it finds the same matches as Python, not only whether there is one. */
  #exact(): V8Regex | null {
    const v8 = this.#v8();
    return v8?.isExact ? v8 : null;
  }

  #matcher(): LinearMatcher {
    return (this.#made ??= new LinearMatcher(this.syntax.root, this.syntax.groupCount, this.#origin));
  }
}

/** What every text starts with that the pattern matches as a whole; empty if unknown. */
function startOf(pattern: string): string {
  const { starts = [] } = requiredLiterals(pattern, true);
  return starts.length === 1 && !starts[0].ignoreCase ? starts[0].text : "";
}

const FULL: Constraints = { anchored: true, full: true };

/** All matches that V8 finds. After an empty match, there is no other one at that position. */
function* matchesOf(v8: V8Regex, text: string): IterableIterator<RegexMatch> {
  for (let from = 0; from <= text.length;) {
    const match = v8.search(text, from);
    if (!match) return;
    yield match;
    from = match.start === match.end ? match.end + unitsOf(codeAt(text, match.end)) : match.end;
  }
}
