/** Stack traces are several lines that belong together: shown in one piece, kept or left out as one. */

/** Begins like a line of a stack or of an object that was printed: indented, a closing bracket, words of Java and Python. */
const CONTINUES =
  /^(?:\s+\S|[}\])]|Caused by: |During handling of the above exception|The above exception was the direct cause)/;

const TRACEBACK = "Traceback (most recent call last):";

/** Follows the lines of one writer and tells which belong to the line before. */
export class Traces {
  /** Python's traceback ends with the first line that is not indented, which names the exception. */
  #inTraceback = false;
  #hasHead = false;

  /** Whether the line is a part of the trace before it. Call it once for each line, in order. */
  continues(text: string): boolean {
    const belongs = this.belongs(text);
    if (text === TRACEBACK) this.#inTraceback = true;
    else if (this.#inTraceback && !/^\s/.test(text) && text !== "") this.#inTraceback = false;
    this.#hasHead = true;
    return belongs;
  }

  /** The same without having seen it. */
  belongs(text: string): boolean {
    return this.#hasHead && (this.#inTraceback || CONTINUES.test(text));
  }
}
