import type { Console } from "../terminal/console";

/** Results of a file's cases: one line, or one JSON object, for each. */
export class CaseReport {
  #passed = 0;
  #failed = 0;

  constructor(
    private readonly console: Console,
    private readonly isJson = false,
  ) {}

  /** @param difference lines that differ from the expected result; empty if the case passes */
  add(name: string, difference: readonly string[]): void {
    const ok = difference.length === 0;
    if (ok) this.#passed++;
    else this.#failed++;
    const lines = this.isJson
      ? [JSON.stringify({ name, ok, ...(!ok && { difference }) })]
      : [`${ok ? "ok" : "not ok"} ${name}`, ...difference.map((line) => `    ${line}`)];
    this.console.stdout.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Prints the totals, and returns the exit status. */
  end(): number {
    if (!this.isJson) this.console.stdout.write(`${this.#passed} passed, ${this.#failed} failed\n`);
    return this.#failed > 0 ? 1 : 0;
  }
}
