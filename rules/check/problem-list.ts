import { problem, type Problem } from "./problem";

/**
 * Maximum number of errors reported for a text. A text with more is probably not a rule text but a log or a program.
 */
const MAX_ERRORS = 100;

/** Stops checking a text with too many errors. */
class TooManyErrors extends Error {
  override readonly name = "TooManyErrors";
}

/** The problems of a rule text, without duplicates. */
export class ProblemList {
  readonly #known = new Map<string, Problem>();
  #errors = 0;
  #last: Problem | undefined;

  add(found: Problem): void {
    const key = `${found.span.start} ${found.message}`;
    if (this.#known.has(key)) return;
    if (found.severity === "error" && ++this.#errors > MAX_ERRORS) {
      const message = `more is wrong than these ${MAX_ERRORS} errors; mend them, and check again`;
      this.#last = problem(found.code, found.span, message);
      throw new TooManyErrors(message);
    }
    this.#known.set(key, found);
  }

  /** Runs code that reports problems, until there are too many errors. */
  collect(find: () => void): void {
    try {
      find();
    } catch (error) {
      if (!(error instanceof TooManyErrors)) throw error;
    }
  }

  /** In text order. If there are too many, a note to that effect comes last. */
  inOrder(): Problem[] {
    const problems = [...this.#known.values()].sort((a, b) => a.span.start - b.span.start);
    return this.#last ? [...problems, this.#last] : problems;
  }
}
