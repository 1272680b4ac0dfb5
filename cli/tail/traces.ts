/** Stack traces are several lines that belong together: shown as one block, kept or left out as a whole. */

/**
 * Start of a continuation line of a stack trace or a printed object: indentation, a closing bracket, words of Java and
 * Python.
 */
const CONTINUES =
  /^(?:\s+\S|[}\])]|Caused by: |During handling of the above exception|The above exception was the direct cause)/;

const TRACEBACK = "Traceback (most recent call last):";

/** Follows the lines of one writer and determines which belong to the previous line. */
export class Traces {
  /** Python's traceback ends with the first unindented line, which names the exception. */
  #inTraceback = false;
  #hasHead = false;

  /** Whether the line is part of the trace before it. Call it once for each line, in order. */
  continues(text: string): boolean {
    const belongs = this.belongs(text);
    if (text === TRACEBACK) this.#inTraceback = true;
    else if (this.#inTraceback && !/^\s/.test(text) && text !== "") this.#inTraceback = false;
    this.#hasHead = true;
    return belongs;
  }

  /** The same without recording the line. */
  belongs(text: string): boolean {
    return this.#hasHead && (this.#inTraceback || CONTINUES.test(text));
  }
}
