import type { SourceEvent, MemberEvent, SourceState } from "../../functions/consume";
import type { Console } from "../../terminal/console";
import { oneLine } from "../../terminal/console";
import { Gauges, metricsText, type Numbers } from "./gauges";
import { liveness, readiness } from "./health";
import { type Listening, serve } from "./server";
import { wordsOf } from "./words";

/** Metrics and source states of a process, which a worker sends to its parent. */
export interface Report {
  readonly numbers: Numbers;
  readonly sources: readonly SourceState[];
}

/** Milliseconds between two checks of the loop, and two reports of a worker. */
const TURN_MS = 1_000;

/** Output of a long-running process: lines on stderr, metrics, and its health. */
export class Operated {
  readonly gauges = new Gauges();
  readonly #console: Console;
  readonly #startedAt = Date.now();
  #turnedAt = Date.now();
  readonly #turn: NodeJS.Timeout;
  #reports: () => readonly Report[];

  constructor(console: Console, sources: () => readonly SourceState[]) {
    this.#console = console;
    this.#reports = () => [{ numbers: this.gauges.numbers(), sources: sources() }];
    const turn = (): void => {
      this.#turnedAt = Date.now();
      // A worker's parent reports for it.
      if (process.connected) process.send?.(this.#reports()[0]);
    };
    this.#turn = setInterval(turn, TURN_MS);
    this.#turn.unref();
  }

  /** Reports for workers instead of for this process. */
  tellFor(reports: () => readonly Report[]): void {
    this.#reports = reports;
  }

  /** Counts an event, and prints it if people should know. @param what the subject of the event */
  note(event: MemberEvent | SourceEvent, what: string): void {
    this.#count(event);
    const words = wordsOf(event, what);
    if (words !== undefined) this.say(words);
  }

  say(text: string): void {
    this.#console.stderr.write(`${new Date().toISOString()} ${oneLine(text)}\n`);
  }

  /** Starts the server, if requested. Resolves to a function that stops it. */
  async listen(listening: Listening | undefined): Promise<() => void> {
    if (!listening) return () => undefined;
    const sources = (): SourceState[] => this.#reports().flatMap((report) => report.sources);
    const told = {
      live: () => liveness(this.#turnedAt),
      ready: () => readiness(sources(), this.#startedAt),
      metrics: () => metricsText(this.#reports()),
    };
    const { url, close } = await serve(told, listening);
    this.say(`listens: ${url}/live, /ready, /metrics`);
    return close;
  }

  close(): void {
    clearInterval(this.#turn);
  }

  #count(event: MemberEvent | SourceEvent): void {
    if (event.kind === "handled" || event.kind === "unhandled" || event.kind === "left") {
      const { topic, records, receivedAt } = event.batch;
      const labels = { source: topic.name, region: topic.region };
      this.gauges.count("batches_total", { ...labels, outcome: event.kind });
      if (event.kind !== "handled") return;
      this.gauges.count("records_total", labels, records.length);
      if (receivedAt !== undefined) this.gauges.delay((Date.now() - receivedAt) / 1000);
    } else if (event.kind === "failed") this.gauges.count("failures_total");
    else if (event.kind === "lost") {
      this.gauges.count("lost_offsets_total", { source: event.topic.name, region: event.topic.region }, event.hole);
    }
  }
}
