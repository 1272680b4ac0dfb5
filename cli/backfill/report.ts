import type { Console } from "../../terminal/console";
import { oneLine } from "../../terminal/console";
import { Progress } from "../../terminal/progress";
import { layOut } from "../../terminal/table";
import { durationOf } from "./cost";
import type { Fate, Totals } from "./journal";
import type { Input, Tell } from "./runner";

/** Milliseconds over which the speed is averaged. */
const SPEED_MS = 30_000;

/** Reports the progress of a backfill: failures as they happen, the progress, and the table at the end. */
export class Report implements Tell {
  readonly #console: Console;
  readonly #isJson: boolean;
  readonly #totals: Totals;
  readonly #all: number | undefined;
  readonly #progress: Progress;
  readonly #now: () => number;
  /** Number of completed inputs at some times of the last half minute. */
  readonly #moments: { readonly time: number; readonly ended: number }[] = [];

  /** @param all number of inputs; undefined if unknown */
  constructor(
    console: Console,
    options: { readonly isJson: boolean; readonly totals: Totals; readonly all?: number; readonly now: () => number },
  ) {
    this.#console = console;
    this.#isJson = options.isJson;
    this.#totals = options.totals;
    this.#all = options.all;
    this.#now = options.now;
    this.#progress = new Progress(console.stderr);
    this.#moments.push({ time: options.now(), ended: this.#ended });
  }

  ended({ name }: Pick<Input, "name">, { outcome, records, left, reason }: Fate): void {
    const { stdout, stderr } = this.#console;
    if (this.#isJson) {
      stdout.write(`${JSON.stringify({ status: outcome, name, records, batchesLeft: left, reason })}\n`);
    } else if (outcome !== "done" || left !== undefined) {
      this.#progress.clear();
      const what = outcome === "done" ? `done, but ${left} batches are in quarantine:` : outcome;
      stderr.write(`${oneLine(`${what} ${name}${reason === undefined ? "" : `: ${reason}`}`)}\n`);
    }
  }

  progress(running: number): void {
    const { done, quarantined, failed } = this.#totals;
    const all = this.#all === undefined ? "" : ` of ${count(this.#all)}`;
    const bad = quarantined + failed > 0 ? `, ${count(quarantined)} quarantined, ${count(failed)} failed` : "";
    this.#progress.update(`${count(done)}${all} done${bad}, ${running} running${this.#estimate()}`);
  }

  /** Prints the table, or the last object. */
  end(): void {
    const { done, quarantined, failed, records, withBatches } = this.#totals;
    this.#progress.clear();
    if (this.#isJson) {
      const total = { status: "total", done, quarantined, failed, withBatches, records };
      this.#console.stdout.write(`${JSON.stringify(total)}\n`);
      return;
    }
    const rows = [["DONE", "QUARANTINED", "FAILED", "RECORDS"], [done, quarantined, failed, records].map(count)];
    this.#console.stdout.write(layOut(rows, [0, 1, 2, 3]));
    if (withBatches > 0) {
      this.#console.stdout.write(
        `${count(withBatches)} of those done left batches in quarantine that an output did not accept.\n`,
      );
    }
    if (quarantined + withBatches > 0) {
      this.#console.stdout.write(
        "To list what is in quarantine, run tencent-logs quarantine list; to retry it, tencent-logs replay.\n",
      );
    }
    if (failed > 0) this.#console.stdout.write("To retry what failed, run the same command with --missing.\n");
  }

  get #ended(): number {
    const { done, quarantined, failed } = this.#totals;
    return done + quarantined + failed;
  }

  /** Speed and remaining time, from the last half minute. */
  #estimate(): string {
    const [now, ended] = [this.#now(), this.#ended];
    if (now - (this.#moments.at(-1)?.time ?? 0) >= 1_000) this.#moments.push({ time: now, ended });
    while (this.#moments.length > 2 && now - this.#moments[0].time > SPEED_MS) this.#moments.shift();
    const [first] = this.#moments;
    const perSecond = ((ended - first.ended) * 1000) / Math.max(1, now - first.time);
    if (perSecond === 0 || now - first.time < 1_000) return "";
    const speed = `, ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
    if (this.#all === undefined) return speed;
    return `${speed}, about ${durationOf((Math.max(0, this.#all - ended) / perSecond) * 1000)} left`;
  }
}

/** A number in readable form. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}
