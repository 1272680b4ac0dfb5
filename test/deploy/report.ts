import { layOut } from "../../terminal/table";

/** A step that has ended. */
interface Row {
  readonly example: string;
  readonly step: string;
  readonly seconds: number;
  readonly passed: boolean;
}

/** Runs steps, says how each ended, and lays all of them out as a table. */
export class Report {
  private readonly rows: Row[] = [];
  private readonly started = performance.now();

  /** Runs a step of an example. What it throws, it throws on, once it is written down. */
  async step<T>(example: string, step: string, run: () => Promise<T> | T): Promise<T> {
    const started = performance.now();
    const end = (passed: boolean): void => {
      const row = { example, step, seconds: (performance.now() - started) / 1000, passed };
      this.rows.push(row);
      process.stdout.write(`${lineOf(row)}\n`);
    };
    try {
      const result = await run();
      end(true);
      return result;
    } catch (error) {
      end(false);
      throw error;
    }
  }

  /** Example, step, seconds: the steps of an example together; the last row is what all took, side by side. */
  table(): string {
    const total = (performance.now() - this.started) / 1000;
    const examples = [...new Set(this.rows.map(({ example }) => example))];
    const rows = examples.flatMap((name) => this.rows.filter(({ example }) => example === name));
    const cells = [
      ["example", "step", "seconds"],
      ...rows.map(({ example, step, seconds, passed }) => [
        example,
        step,
        `${seconds.toFixed(1)}${passed ? "" : " FAILED"}`,
      ]),
      ["", "all", total.toFixed(1)],
    ];
    return layOut(cells).trimEnd();
  }
}

function lineOf({ example, step, seconds, passed }: Row): string {
  return `${passed ? "ok    " : "FAILED"} ${example}: ${step} (${seconds.toFixed(1)} s)`;
}
