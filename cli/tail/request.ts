import type { LiveLine } from "../../functions/live/record";
import { matchInOrder } from "./match";
import type { ScfLog } from "./scf-log";

export type ScfLine = ScfLog & { readonly kind: "line" };
export type ScfReport = ScfLog & { readonly kind: "report" };

/** A line of the fast lane, which is shown as soon as it arrives. */
export interface FastLine {
  readonly text: string;
  /** Its number in its instance, which gives the order of writing if lines arrive late. */
  readonly seq: number;
  /** Whether it was matched with a line of the slow lane. */
  isMatched: boolean;
}

/** A line of the slow lane. */
interface SlowLine {
  readonly line: ScfLine;
  /** When it arrived, in milliseconds. */
  readonly at: number;
  isMatched: boolean;
}

/** Maximum lines of one lane that are compared with the other; SCF stores 5,000 in 5 s. */
const MAX_LINES = 100_000;

/** Microseconds by which the reporter's time of a line and SCF's can differ. */
const CLOCKS_APART = 1_000_000;

/** Maximum ids of slow-lane logs that are remembered, to detect repeats. */
const MAX_IDS = 100_000;

/**
 * The lines of one request from both lanes, and which of the slow lane are the same as those of the fast lane. In doubt
 * they are not: a line that is shown twice is a nuisance, one that is never shown is an error.
 */
export class Request {
  /** The instance that ran it; "" if only the slow lane has brought something of it. */
  instance = "";
  /** Of the function; "" until a lane contains it. */
  version = "";
  /** Number of SCF's earlier attempts; undefined until the slow lane contains it. */
  retry?: number;
  /** Number of the record of its end. */
  endSeq = Infinity;
  isStartTold = false;
  isClosed = false;
  report?: ScfReport;
  /** Its result or error, from SCF. */
  result?: string;
  /** When SCF's last line of the request arrived, in milliseconds. */
  endedAt?: number;
  /** When the last record or log arrived, in milliseconds. */
  lastAt: number;
  /** Number of lines that the request wrote, counted by its reporter, including dropped ones. */
  lines?: number;
  /** Number of lines from the fast lane. */
  fastCount = 0;
  /** Number of the function's lines that only the slow lane brought. */
  slowCount = 0;
  #fast: FastLine[] = [];
  /** Lines of the slow lane that wait for the fast lane, and those that were shown without it. */
  #held: SlowLine[] = [];
  #shown: ScfLine[] = [];
  readonly #seen = new Set<string>();

  constructor(
    readonly id: string,
    now: number,
  ) {
    this.lastAt = now;
  }

  get hasReporter(): boolean {
    return this.fastCount > 0 || this.lines !== undefined;
  }

  /** Whether everything that the reporter saw arrived by the fast lane. */
  get isComplete(): boolean {
    return this.lines !== undefined && this.fastCount >= this.lines;
  }

  /** Whether a record of the fast lane belongs to another run of the request: SCF retries with the same id. */
  isOfAnotherRun({ instance, seq }: Pick<LiveLine, "instance" | "seq">): boolean {
    return this.instance !== "" && (instance !== this.instance || seq > this.endSeq);
  }

  /** Takes a line of the fast lane; returns whether it is new, and not one that the slow lane has shown. */
  takeFast({ text, seq }: Pick<LiveLine, "text" | "seq">): boolean {
    this.fastCount++;
    if (this.isAlreadyShown(text)) return false;
    this.#fast.push({ text, seq, isMatched: false });
    if (this.#fast.length > MAX_LINES) this.#fast = this.#fast.slice(MAX_LINES / 2);
    return true;
  }

  /** Whether the slow lane has shown the line; if so, that occurrence is used up. */
  isAlreadyShown(text: string): boolean {
    const index = this.#shown.findIndex((line) => isSame(text, line));
    if (index === -1) return false;
    this.#shown.splice(index, 1);
    this.slowCount--;
    return true;
  }

  /** Whether the slow lane has shown something written at or after a time, as far as the two clocks agree. */
  hasShownSince(time: number): boolean {
    return this.#shown.length > 0 && (this.#shown.at(-1) as ScfLine).time >= time - CLOCKS_APART;
  }

  /** Holds a line of the slow lane. */
  takeSlow(line: ScfLine, now: number): void {
    this.#held.push({ line, at: now, isMatched: false });
  }

  /** Whether a log arrived before. @param id of the log */
  isRepeat(id: string): boolean {
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    if (this.#seen.size > MAX_IDS) this.#seen.delete(this.#seen.values().next().value as string);
    return false;
  }

  /** Whether a line is held that arrived before a time. */
  hasHeldSince(time: number): boolean {
    return this.#held.length > 0 && this.#held[0].at <= time;
  }

  /**
   * Compares held lines with those of the fast lane; returns the ones that are missing there.
   *
   * @param cameBefore only lines that arrived before that time, in milliseconds
   * @param loose lines of the request's instances that were written outside requests: SCF includes them in some request
   */
  takeMissing(cameBefore: number, loose: readonly FastLine[] = []): ScfLine[] {
    const held = this.#held.filter(({ at }) => at <= cameBefore);
    if (held.length === 0) return [];
    this.#held = this.#held.slice(held.length);
    const ofFunction = held.filter(({ line }) => !line.isPlatform);
    const fast = [...loose, ...this.#fast].sort((a, b) => a.seq - b.seq);
    if (this.isComplete) pairByText(fast, ofFunction);
    else pairInOrder(fast, ofFunction);
    if (this.isComplete && this.#shown.length === 0) pairBehindUnknownPrefix(this.#fast, ofFunction);

    this.#fast = this.#fast.filter(({ isMatched }) => !isMatched);
    const missing = held.filter(({ isMatched }) => !isMatched).map(({ line }) => line);
    this.#shown.push(...missing.filter(({ isPlatform }) => !isPlatform));
    this.slowCount += missing.filter(({ isPlatform }) => !isPlatform).length;
    if (this.#shown.length > MAX_LINES) this.#shown = this.#shown.slice(MAX_LINES / 2);
    return missing;
  }
}

function pair(theirs: FastLine, ours: SlowLine): void {
  theirs.isMatched = ours.isMatched = true;
}

/**
 * In the order of both: a line that was written later cannot match one that was written earlier. If two matches are
 * equally good, and leave over different texts, everything that either leaves over is left over.
 */
function pairInOrder(fast: readonly FastLine[], slow: readonly SlowLine[]): void {
  const same = ({ text }: FastLine, { line }: SlowLine): boolean => isSame(text, line);
  const found = matchInOrder(fast, slow, same, "a");
  const other = matchInOrder(fast, slow, same, "b");
  const inDoubt = new Map<string, number>();
  const count = (text: string, change: number) => inDoubt.set(text, (inDoubt.get(text) ?? 0) + change);
  slow.forEach(({ line }, at) => count(line.text, Number(other[at] === -1) - Number(found[at] === -1)));
  found.forEach((index, at) => {
    if (index === -1) return;
    const { text } = slow[at].line;
    if (other[at] === -1 && (inDoubt.get(text) ?? 0) > 0) count(text, -1);
    else pair(fast[index], slow[at]);
  });
}

/** In any order, if all lines are there: lines with the same text match. SCF reads the two streams separately. */
function pairByText(fast: readonly FastLine[], slow: readonly SlowLine[]): void {
  const byText = new Map<string, FastLine[]>();
  for (const line of fast) {
    const key = line.text.trimEnd();
    const same = byText.get(key);
    if (same) same.push(line);
    else byText.set(key, [line]);
  }
  for (const ours of slow) {
    const { line } = ours;
    const theirs = line.isCut
      ? fast.find((candidate) => !candidate.isMatched && isSame(candidate.text, line))
      : byText.get(line.text.trimEnd())?.shift();
    if (theirs && !theirs.isMatched) pair(theirs, ours);
  }
}

/**
 * A runtime can write an unknown prefix. If nothing was recognized, each line of the slow lane ends with that of the
 * fast lane, and none is left over, they match.
 */
function pairBehindUnknownPrefix(fast: readonly FastLine[], slow: readonly SlowLine[]): void {
  if (slow.length !== fast.length || slow.length === 0) return;
  if (fast.some(({ isMatched }) => isMatched)) return;
  const areSame = slow.every(({ line }, index) => fast[index].text !== "" && line.text.endsWith(fast[index].text));
  if (areSame) slow.forEach((line, index) => pair(fast[index], line));
}

/** SCF truncates long lines, possibly within a character. */
function isSame(text: string, { text: slow, isCut }: ScfLine): boolean {
  return isCut ? text.startsWith(slow.replace(/\ufffd$/, "")) : text.trimEnd() === slow.trimEnd();
}
