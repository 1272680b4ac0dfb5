/**
 * A record of the live topic: what a reporter writes as one log of CLS, and what a tail reads from it. Keys and values are
 * strings; keys without information are left out.
 */
/** Maximum UTF-8 bytes in the text of one record; a longer line is sent in pieces. */
export const MAX_TEXT_BYTES = 8192;

/** The writer of a record. */
export interface LiveOrigin {
  readonly function: string;
  readonly namespace: string;
  /** "" if a process ended before it had a context. */
  readonly version: string;
  /** Id of the process: 16 random hex digits. */
  readonly instance: string;
}

interface Common extends LiveOrigin {
  /** 1, 2, 3, ... without a gap over all records of an instance, in the order of writing. */
  readonly seq: number;
  /** Id of the invocation that wrote it; "" outside of one, such as while modules load. */
  readonly requestId: string;
  /** When it was written, in microseconds since the epoch. */
  readonly time: number;
  /** Whether it was sent after the invocation that wrote it. */
  readonly late: boolean;
}

/** A line, or a piece of one. */
export interface LiveLine extends Common {
  readonly kind: "line";
  /** `debug`, `info`, `warn`, `error`; for Python, the lower-cased name of logging's level; "" if unknown. */
  readonly level: string;
  readonly stream: "stdout" | "stderr";
  /** Without its line end, at most {@link MAX_TEXT_BYTES}. Invalid UTF-8 is replaced by U+FFFD. */
  readonly text: string;
  /** For a line that is longer than one record: the number of this piece, from 1, and the number of pieces. */
  readonly piece?: { readonly number: number; readonly of: number };
}

/** The end of a request. */
export interface LiveEnd extends Common {
  readonly kind: "end";
  /** Number of lines (not pieces) that the request wrote, including dropped ones. */
  readonly lines: number;
}

/** Lines that were counted and are not sent. */
export interface LiveDropped extends Common {
  readonly kind: "dropped";
  readonly lines: number;
  /** Bytes of their text. */
  readonly bytes: number;
}

export type LiveRecord = LiveLine | LiveEnd | LiveDropped;

/** One log of CLS. */
export interface ClsLog {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly contents: readonly (readonly [key: string, value: string])[];
}

/** A log that is not a record of a reporter. */
export class LiveRecordError extends Error {
  override readonly name = "LiveRecordError";
  readonly code = "LOGS_LIVE_RECORD";
}

/** Converts a record to a log of CLS. */
export function clsLogOf(record: LiveRecord): ClsLog {
  return { time: Math.floor(record.time / 1000), contents: [...contentsOf(record)] };
}

function* contentsOf(record: LiveRecord): Generator<readonly [key: string, value: string]> {
  yield ["kind", record.kind];
  yield ["function", record.function];
  yield ["namespace", record.namespace];
  yield ["version", record.version];
  yield ["instance", record.instance];
  yield ["request_id", record.requestId];
  if (record.late) yield ["late", "1"];
  if (record.kind === "line") {
    yield ["level", record.level];
    yield ["stream", record.stream];
  }
  // Neighbors share all fields above, so a reporter encodes these once.
  yield ["seq", String(record.seq)];
  yield ["time", String(record.time)];
  if (record.kind === "line") {
    yield ["text", record.text];
    if (record.piece) yield ["piece", `${record.piece.number}/${record.piece.of}`];
    return;
  }
  yield ["lines", String(record.lines)];
  if (record.kind === "dropped") yield ["bytes", String(record.bytes)];
}

/**
 * Reads the record from the contents of a log.
 *
 * @throws LiveRecordError if it is not a record: names the field, the required value and the actual one; for texts, only
 * the length
 */
export function liveRecordOf(contents: Readonly<Record<string, string>>): LiveRecord {
  const fields = new Fields(contents);
  const common = {
    function: fields.text("function"),
    namespace: fields.text("namespace"),
    version: contents.version ?? "",
    instance: fields.matching("instance", /^[0-9a-f]{16}$/, "16 hex digits"),
    seq: fields.number("seq", 1),
    requestId: contents.request_id ?? "",
    time: fields.number("time", 0),
    late: contents.late === "1",
  };
  const kind = fields.matching("kind", /^(line|end|dropped)$/, "line, end or dropped");
  if (kind === "end") return { kind, ...common, lines: fields.number("lines", 0) };
  if (kind === "dropped") {
    return { kind, ...common, lines: fields.number("lines", 0), bytes: fields.number("bytes", 0) };
  }
  const stream = fields.matching("stream", /^std(out|err)$/, "stdout or stderr") as LiveLine["stream"];
  const { level = "", text = "" } = contents;
  const line = { kind: "line" as const, ...common, level, stream, text };
  return contents.piece === undefined ? line : { ...line, piece: fields.piece() };
}

/** Untrusted contents: everyone who can upload to the topic can write anything there. */
class Fields {
  readonly #contents: Readonly<Record<string, string>>;

  constructor(contents: Readonly<Record<string, string>>) {
    this.#contents = contents;
  }

  text(key: string): string {
    return this.matching(key, /^./, "a text that is not empty");
  }

  matching(key: string, pattern: RegExp, what: string): string {
    const value = Object.hasOwn(this.#contents, key) ? this.#contents[key] : undefined;
    if (typeof value === "string" && pattern.test(value)) return value;
    throw this.#refusal(key, what, value);
  }

  number(key: string, least: number): number {
    const text = this.matching(key, /^\d{1,16}$/, "a number in decimal digits");
    if (Number.isSafeInteger(Number(text)) && Number(text) >= least) return Number(text);
    throw this.#refusal(key, `${least} at least`, text);
  }

  piece(): { readonly number: number; readonly of: number } {
    const [number, of] = this.matching("piece", /^[1-9]\d{0,8}\/[1-9]\d{0,8}$/, "its number and how many, as 1/3")
      .split("/")
      .map(Number);
    if (number <= of) return { number, of };
    throw this.#refusal("piece", "its number and how many, as 1/3", `${number}/${of}`);
  }

  #refusal(key: string, what: string, value: unknown): LiveRecordError {
    const got = typeof value === "string" && value.length > 40 ? `${value.length} characters` : JSON.stringify(value);
    return new LiveRecordError(
      `a live record's ${key} must be ${what}, got ${got ?? "nothing"}; give the topic to live logs alone`,
    );
  }
}
