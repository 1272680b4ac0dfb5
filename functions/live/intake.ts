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

/** Whole lines that were written alike; they are the taker's. */
export interface Lines {
  readonly texts: string[];
  /** Microseconds since the epoch, of each. */
  readonly times: number[];
  /** Of all texts together. */
  readonly bytes: number;
}

/** Gets what was written. Times are microseconds since the epoch. */
export interface Taker {
  now(): number;
  line(mark: Mark, time: number, ...line: Parameters<TakeLine>): void;
  lines(mark: Mark, lines: Lines): void;
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
  /** Of what the console gives a level to now. */
  #leveled: Readonly<Record<Stream, Mark>> | undefined;
  readonly #levels = new Map<string, Readonly<Record<Stream, Mark>>>();
  /** Whether there was no more room of these five seconds: of what is held then neither mark nor time is kept. */
  #isFull = false;
  #counted: Record<Stream, string[]> = { stdout: [], stderr: [] };
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
    this.#leveled = level === undefined ? undefined : this.#marksOf(level);
  }

  /** @returns whether it is the first that is held */
  write(stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined): boolean {
    const isText = typeof chunk === "string" && (encoding === undefined || encoding === "utf8");
    if (isText && this.#isFull) {
      const held = this.#holdCounted(stream, chunk);
      if (held > 0) return held === 1;
    }
    const mark = (this.#leveled ?? this.#usual)[stream];
    const time = this.#taker.now();
    if (!isText) {
      // Bytes are the writer's, who may use them again.
      this.cut();
      this.#cut(mark, time, chunk, encoding);
      return false;
    }
    flatten(chunk);
    const count = this.#chunks.push(chunk);
    this.#marks.push(mark);
    this.#times.push(time);
    this.#characters += chunk.length;
    if (count >= MAX_HELD || this.#characters >= MAX_HELD_CHARACTERS) this.cut();
    return count === 1;
  }

  /** Cuts what is held into lines. */
  cut(): void {
    this.#cutCounted();
    if (this.#chunks.length === 0) return;
    const [chunks, marks, times] = [this.#chunks, this.#marks, this.#times];
    this.#forget();
    for (let from = 0, to = 0; from < chunks.length; from = to) {
      while (to < chunks.length && marks[to] === marks[from]) to++;
      this.#cutAlike(marks[from], times.slice(from, to), chunks.slice(from, to));
    }
    this.#isFull = this.#taker.isFull(times[times.length - 1]);
  }

  /** Holds what will most likely be counted alone. @returns how many are held so of the stream; 0 where it was not */
  #holdCounted(stream: Stream, chunk: string): number {
    const { stderr, stdout } = this.#counted;
    if (stdout.length + stderr.length === 0 && !this.#taker.isFull(this.#taker.now())) {
      this.#isFull = false;
      return 0;
    }
    flatten(chunk);
    const count = this.#counted[stream].push(chunk);
    this.#characters += chunk.length;
    if (count >= MAX_HELD || this.#characters >= MAX_HELD_CHARACTERS) this.#cutCounted();
    return count;
  }

  #cutCounted(): void {
    const counted = this.#counted;
    if (counted.stdout.length + counted.stderr.length === 0) return;
    this.#counted = { stdout: [], stderr: [] };
    this.#characters = 0;
    const now = this.#taker.now();
    this.#isFull = this.#taker.isFull(now);
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#isFull) this.#count(stream, counted[stream].join(""), now);
      // Five seconds are over meanwhile: what came before and after that is not told apart.
      else for (const chunk of counted[stream]) this.#cut(this.#usual[stream], now, chunk);
    }
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
    const [chunks, counted, marks] = [this.#chunks, this.#counted, this.#marks];
    this.#forget();
    this.#counted = { stdout: [], stderr: [] };
    for (const stream of ["stdout", "stderr"] as const)
      for (const chunk of counted[stream]) lines += this.pass(stream, chunk);
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

  #cutAlike(mark: Mark, times: number[], chunks: readonly string[]): void {
    const whole = this.#assemblers[mark.stream].takeWhole(chunks);
    if (whole) this.#taker.lines(mark, { ...whole, times });
    else for (let index = 0; index < chunks.length; index++) this.#cut(mark, times[index], chunks[index]);
  }

  #cut(mark: Mark, time: number, chunk: string | Uint8Array, encoding?: BufferEncoding): void {
    if (typeof chunk !== "string" && this.#taker.isFull(time)) return this.#count(mark.stream, chunk, time);
    this.#mark = mark;
    this.#time = time;
    this.#assemblers[mark.stream].write(chunk, encoding);
  }

  /** The same object each time, by which writes that are alike are known. */
  #marksOf(level: string): Readonly<Record<Stream, Mark>> {
    let marks = this.#levels.get(level);
    if (!marks) {
      marks = { stdout: { stream: "stdout", level }, stderr: { stream: "stderr", level } };
      this.#levels.set(level, marks);
    }
    return marks;
  }

  #forget(): void {
    this.#chunks = [];
    this.#marks = [];
    this.#times = [];
    this.#characters = 0;
  }
}

/**
 * Has V8 copy a text that was put together of many into one piece, as it does, in place, when a character of it is asked
 * for: there is no call for that alone. Else its stream, which keeps it where a pipe is full, and we would each do so later,
 * when the pieces have outlived a collection of what is young. A text that is in one piece costs next to nothing.
 */
function flatten(text: string): void {
  void text.charCodeAt(0);
}
