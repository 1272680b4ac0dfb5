import { LineAssembler, type TakeLine } from "./lines";
import type { LiveLine } from "./record";

type Stream = LiveLine["stream"];

/** Maximum writes, and characters, that are held before they are cut into lines. */
const MAX_HELD = 1_000;
const MAX_HELD_CHARACTERS = 64 * 1024;

/** Where and how something is written. */
export interface Mark {
  readonly stream: Stream;
  readonly level: string;
}

/** Whole lines written in the same way; the taker owns them. */
export interface Lines {
  readonly texts: string[];
  /** Microseconds since the epoch, one per line. */
  readonly times: number[];
  /** Total bytes of all texts. */
  readonly bytes: number;
}

/** Receives what was written. Times are microseconds since the epoch. */
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
 * Holds writes and cuts many of them into lines at once. The function waits during each write, and most of the work costs a
 * tenth when done for many in a loop.
 */
export class Intake {
  readonly #taker: Taker;
  readonly #assemblers: Readonly<Record<Stream, LineAssembler>>;
  readonly #usual: Readonly<Record<Stream, Mark>> = {
    stdout: { stream: "stdout", level: "info" },
    stderr: { stream: "stderr", level: "error" },
  };
  /** Marks for the level that the console currently sets. */
  #leveled: Readonly<Record<Stream, Mark>> | undefined;
  readonly #levels = new Map<string, Readonly<Record<Stream, Mark>>>();
  /** Whether the current window was full: then neither mark nor time of a held write is stored. */
  #isFull = false;
  #counted: Record<Stream, string[]> = { stdout: [], stderr: [] };
  #chunks: string[] = [];
  #marks: Mark[] = [];
  #times: number[] = [];
  #characters = 0;
  /** Mark of what is currently cut into lines. */
  #mark = this.#usual.stdout;
  #time = 0;

  constructor(taker: Taker) {
    this.#taker = taker;
    const assembler = (): LineAssembler =>
      new LineAssembler((text, bytes) => taker.line(this.#mark, this.#time, text, bytes));
    this.#assemblers = { stdout: assembler(), stderr: assembler() };
  }

  /** The level of the console method that currently writes; undefined if only the stream determines it. */
  setLevel(level: string | undefined): void {
    this.#leveled = level === undefined ? undefined : this.#marksOf(level);
  }

  /** @returns whether it is the first write that is held */
  write(stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined): boolean {
    const isText = typeof chunk === "string" && (encoding === undefined || encoding === "utf8");
    if (isText && this.#isFull) {
      const held = this.#holdCounted(stream, chunk);
      if (held > 0) return held === 1;
    }
    const mark = (this.#leveled ?? this.#usual)[stream];
    const time = this.#taker.now();
    if (!isText) {
      // Bytes belong to the writer, who can reuse them.
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

  /**
   * Holds a write that will most likely only be counted. @returns number of such writes of the stream; 0 if it was not held
   */
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
      // The window has ended in the meantime: what came before and after that cannot be separated.
      else for (const chunk of counted[stream]) this.#cut(this.#usual[stream], now, chunk);
    }
  }

  /** Ends unfinished lines. */
  flush(time: number): void {
    this.cut();
    for (const stream of ["stdout", "stderr"] as const) {
      this.#mark = this.#usual[stream];
      this.#time = time;
      this.#assemblers[stream].flush();
    }
  }

  /** Discards what is held. @returns the number of its lines */
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

  /** Skips what is written. @returns the number of lines that ended */
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

  /** Returns the same object each time, because marks are compared by identity. */
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
 * Makes V8 flatten a concatenated string in place, which it does when a character is read; there is no direct call.
 * Otherwise both the stream, which holds it while a pipe is full, and the reporter would flatten it later, after the pieces
 * have survived a minor garbage collection. For a flat string this costs next to nothing.
 */
function flatten(text: string): void {
  void text.charCodeAt(0);
}
