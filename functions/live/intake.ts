import { LineAssembler, type TakeLine } from "./lines";
import type { LiveLine } from "./record";

type Stream = LiveLine["stream"];

/** Most writes, and characters of them, that are held before they are cut into lines. */
const MAX_HELD = 1_000;
const MAX_HELD_CHARACTERS = 64 * 1024;

/** Where and how something is written. */
export interface Mark {
  readonly stream: Stream;
  readonly level: string;
}

/** Gets what was written. Times are microseconds since the epoch. */
export interface Taker {
  line(mark: Mark, time: number, ...line: Parameters<TakeLine>): void;
  /** Whether lines of that time are only counted. */
  isFull(time: number): boolean;
  /** Lines that are only counted, and the bytes of their text. */
  count(lines: number, bytes: number, time: number): void;
}

/**
 * What is written, until it is cut into lines, many writes at once: the function waits for each write, and most of what is
 * done with one costs a tenth in a loop of many.
 */
export class Intake {
  readonly #taker: Taker;
  readonly #assemblers: Readonly<Record<Stream, LineAssembler>>;
  readonly #usual: Readonly<Record<Stream, Mark>> = {
    stdout: { stream: "stdout", level: "info" },
    stderr: { stream: "stderr", level: "error" },
  };
  #level: string | undefined;
  #chunks: string[] = [];
  #marks: Mark[] = [];
  #times: number[] = [];
  #characters = 0;
  /** Of what is cut into lines now. */
  #mark = this.#usual.stdout;
  #time = 0;

  constructor(taker: Taker) {
    this.#taker = taker;
    const assembler = (): LineAssembler =>
      new LineAssembler((text, bytes) => taker.line(this.#mark, this.#time, text, bytes));
    this.#assemblers = { stdout: assembler(), stderr: assembler() };
  }

  /** What the console calls what it writes now; undefined where the stream alone tells. */
  setLevel(level: string | undefined): void {
    this.#level = level;
  }

  /** @returns whether it is the first that is held */
  write(stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined, time: number): boolean {
    const mark = this.#level === undefined ? this.#usual[stream] : { stream, level: this.#level };
    if (typeof chunk !== "string" || (encoding !== undefined && encoding !== "utf8")) {
      // Bytes are the writer's, who may use them again.
      this.cut();
      this.#cut(mark, time, chunk, encoding);
      return false;
    }
    const count = this.#chunks.push(chunk);
    this.#marks.push(mark);
    this.#times.push(time);
    this.#characters += chunk.length;
    if (count >= MAX_HELD || this.#characters >= MAX_HELD_CHARACTERS) this.cut();
    return count === 1;
  }

  /** Cuts what is held into lines. */
  cut(): void {
    if (this.#chunks.length === 0) return;
    const [chunks, marks, times] = [this.#chunks, this.#marks, this.#times];
    this.#forget();
    const last = times[times.length - 1];
    if (this.#taker.isFull(times[0]) && this.#taker.isFull(last)) {
      for (const stream of ["stdout", "stderr"] as const)
        this.#count(stream, chunks.filter((_, index) => marks[index].stream === stream).join(""), last);
      return;
    }
    for (let index = 0; index < chunks.length; index++) this.#cut(marks[index], times[index], chunks[index]);
  }

  /** Ends the lines that were begun. */
  flush(time: number): void {
    this.cut();
    for (const stream of ["stdout", "stderr"] as const) {
      this.#mark = this.#usual[stream];
      this.#time = time;
      this.#assemblers[stream].flush();
    }
  }

  /** Lets go of what is held. @returns how many lines it was */
  letGo(): number {
    let lines = 0;
    const [chunks, marks] = [this.#chunks, this.#marks];
    this.#forget();
    for (let index = 0; index < chunks.length; index++) lines += this.pass(marks[index].stream, chunks[index]);
    return lines;
  }

  /** What is written passes by unseen. @returns how many lines ended */
  pass(stream: Stream, chunk: string | Uint8Array): number {
    return this.#assemblers[stream].pass(chunk);
  }

  #count(stream: Stream, chunk: string | Uint8Array, time: number): void {
    const { lines, bytes } = this.#assemblers[stream].count(chunk);
    if (lines > 0) this.#taker.count(lines, bytes, time);
  }

  #cut(mark: Mark, time: number, chunk: string | Uint8Array, encoding?: BufferEncoding): void {
    if (typeof chunk !== "string" && this.#taker.isFull(time)) return this.#count(mark.stream, chunk, time);
    this.#mark = mark;
    this.#time = time;
    this.#assemblers[mark.stream].write(chunk, encoding);
  }

  #forget(): void {
    this.#chunks = [];
    this.#marks = [];
    this.#times = [];
    this.#characters = 0;
  }
}
