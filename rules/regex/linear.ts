import { BackwardAutomaton } from "./backward";
import { fail } from "../run/values";
import { MOST_READ, MOST_STEPS, type Origin } from "./bounds";
import { CharacterClasses } from "./classes";
import { ForwardAutomaton, GAVE_UP, NO_MATCH } from "./forward";
import type { Constraints, Matcher, Work } from "./matcher";
import { PikeMatcher } from "./pike";
import { makeProgram, type Program } from "./program";
import type { Node } from "./syntax";

/**
 * Matches in time and memory that are limited by the length of the pattern times the length of the text. One automaton
 * finds the end of the match, a second one reads backward from there to its start, and the recorded states give the
 * groups. If a text needs too many states, the Pike machine does all the work, within the same limits but slower.
 */
export class LinearMatcher implements Matcher {
  readonly #program: Program;
  readonly #origin: Origin;
  readonly #classes: CharacterClasses;
  #anywhere?: ForwardAutomaton;
  #here?: ForwardAutomaton;
  #whole?: ForwardAutomaton;
  #back?: BackwardAutomaton;
  #pike?: PikeMatcher;

  constructor(root: Node, groupCount: number, origin: Origin = "text") {
    this.#origin = origin;
    this.#program = makeProgram(root, groupCount);
    this.#classes = new CharacterClasses(this.#program);
  }

  test(text: string): boolean {
    const end = this.#forward(ANYWHERE).find(text, 0, true);
    return end === GAVE_UP ? this.#slow.find(text, 0, ANYWHERE) !== null : end !== NO_MATCH;
  }

  testFull(text: string): boolean {
    const end = this.#forward(FULL).find(text, 0);
    return end === GAVE_UP ? this.#slow.find(text, 0, FULL) !== null : end === text.length;
  }

  find(text: string, from: number, constraints: Constraints): Int32Array | null {
    const automaton = this.#forward(constraints);
    const end = automaton.find(text, from);
    if (constraints.work) this.#count(constraints.work, automaton.readTo - from, text);
    if (end === NO_MATCH || (constraints.full && end !== GAVE_UP && end !== text.length)) return null;
    // If an empty match is not allowed, another one that Python prefers less can begin here.
    const isUnwanted = constraints.advance && end === from;
    if (end === GAVE_UP || isUnwanted) return this.#slow.find(text, from, constraints);
    const isFixed = constraints.anchored || constraints.full;
    if (isFixed && this.#program.slots === 2) return Int32Array.of(from, end);
    this.#back ??= new BackwardAutomaton(this.#program, this.#classes);
    const found = this.#back.findStart(text, from, end);
    if (found === GAVE_UP) return this.#slow.find(text, from, constraints);
    const start = isFixed ? from : found;
    return this.#program.slots === 2 ? Int32Array.of(start, end) : this.#back.groups(text, from, start);
  }

  /** Counts reading, because a text can be read to its end again and again. */
  #count(work: Work, read: number, text: string): void {
    const most = MOST_READ[this.#origin];
    work.read += read;
    if (work.read <= most) return;
    fail(
      `a pattern must read ${most} characters at most to find all its matches, got more on a text of ${text.length}; ` +
        "make it fail sooner, or match only a part of the text",
    );
  }

  /** Releases the memory of the automata. */
  forget(): void {
    for (const automaton of [this.#anywhere, this.#here, this.#whole, this.#back]) automaton?.forget();
  }

  #forward({ anchored, full }: Constraints): ForwardAutomaton {
    const make = (isAnchored: boolean, end: "preferred" | "last"): ForwardAutomaton =>
      new ForwardAutomaton(this.#program, this.#classes, { anchored: isAnchored, end });
    if (full) return (this.#whole ??= make(true, "last"));
    return anchored ? (this.#here ??= make(true, "preferred")) : (this.#anywhere ??= make(false, "preferred"));
  }

  get #slow(): PikeMatcher {
    return (this.#pike ??= new PikeMatcher(this.#program, MOST_STEPS[this.#origin]));
  }
}

const ANYWHERE: Constraints = {};
const FULL: Constraints = { anchored: true, full: true };
