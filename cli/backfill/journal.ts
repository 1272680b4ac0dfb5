import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { UserError, UsageError } from "../../terminal/user-error";

/** Result of an input, as far as it is known. */
export interface Fate {
  /** `left` is done except for batches that an output did not accept. */
  readonly outcome: "done" | "quarantined" | "failed";
  readonly records: number;
  /** Number of batches that outputs did not accept. */
  readonly left?: number;
  readonly reason?: string;
}

/** Totals of all completed inputs. */
export interface Totals {
  done: number;
  quarantined: number;
  failed: number;
  records: number;
  /** Inputs that are done, with some batches in quarantine. */
  withBatches: number;
}

/** First line of the journal: what is backfilled, permanently. */
export interface Header {
  readonly version: 1;
  /** Name of the backfill. */
  readonly run: string;
  /** The request, the same at each start. */
  readonly asked: string;
  /** ISO 8601. */
  readonly began: string;
  /** Everything that determines the inputs, as at the first start. */
  readonly selection: Readonly<Record<string, unknown>>;
}

/** An input that was requested, and whose completion was not observed. */
export interface Open {
  readonly id: string;
  /** Position in the list of inputs. */
  readonly position: unknown;
  /** SCF's id of the invocation; undefined if it is not known whether SCF received the request. */
  readonly requestId?: string;
}

interface Line {
  readonly asked?: string;
  readonly at?: unknown;
  readonly queued?: string;
  readonly request?: string;
  readonly ended?: string;
  readonly fate?: Fate;
  readonly finished?: boolean;
}

/** Bytes of a journal that are read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The progress of a backfill, one JSON object per line, on the local disk: an interrupted backfill resumes from it. A
 * line is written before the action that it records, or when a result is known, so that a kill at any moment repeats at
 * most one invocation, and never skips one.
 */
export class Journal {
  readonly header: Header;
  readonly totals: Totals = { done: 0, quarantined: 0, failed: 0, records: 0, withBatches: 0 };
  /** Whether everything is complete. */
  isFinished = false;
  /** Position of the last requested input; undefined if none was requested. */
  position: unknown;
  readonly #open = new Map<string, Open>();
  readonly #file: number;
  readonly #path: string;
  readonly #lock: string;

  private constructor(path: string, header: Header) {
    this.#path = path;
    this.#lock = `${path}.lock`;
    this.header = header;
    this.#file = openSync(path, "a");
  }

  /**
   * Opens the journal at a path if it exists and is not finished; otherwise starts a new one, replacing a finished one.
   *
   * @throws UserError if another process is writing it, or it is corrupt; {@link UsageError} if it belongs to another
   * backfill
   */
  static open(path: string, fresh: Header): Journal {
    mkdirSync(dirname(path), { recursive: true });
    lock(`${path}.lock`, path);
    try {
      if (existsSync(path)) {
        const old = Journal.#read(path);
        if (old && !old.isFinished) {
          if (old.header.asked === fresh.asked) return old;
          old.closeFile();
          const remedy = "name another file, or remove this one to start over";
          throw new UsageError(`--journal must be of a backfill with the same flags, got ${path} of others; ${remedy}`);
        }
        old?.closeFile();
        renameSync(path, `${path}.old`);
      }
      const journal = new Journal(path, fresh);
      journal.#write(fresh);
      return journal;
    } catch (error) {
      rmSync(`${path}.lock`, { force: true });
      throw error;
    }
  }

  /** Undefined if nothing was started. An incomplete last line is removed: a machine failure may have left it. */
  static #read(path: string): Journal | undefined {
    let journal: Journal | undefined;
    let number = 0;
    for (const { text, start, isWhole } of linesOf(path)) {
      number++;
      if (!isWhole && (journal || isBegin(text))) {
        truncateSync(path, start);
        break;
      }
      const line = objectIn(text);
      if (!journal) journal = new Journal(path, headerOf(line, path));
      else if (line) journal.#take(line as Line);
      else {
        journal.closeFile();
        throw new UserError(
          `the journal ${path} must hold an object of JSON in line ${number}, got something else; ` +
            `name another --journal, with --missing to leave out what was read`,
        );
      }
    }
    return journal;
  }

  /** Inputs that were requested, and whose completion was not observed. */
  get open(): readonly Open[] {
    return [...this.#open.values()];
  }

  /** Records that an input is about to be requested. */
  asked(id: string, position: unknown): void {
    this.#note({ asked: id, at: position });
  }

  /** Records that SCF accepted the request. */
  queued(id: string, request: string): void {
    this.#note({ queued: id, request });
  }

  ended(id: string, fate: Fate): void {
    this.#note({ ended: id, fate });
  }

  /** Records that everything is complete. */
  finish(): void {
    this.#note({ finished: true });
  }

  close(): void {
    this.closeFile();
    rmSync(this.#lock, { force: true });
  }

  private closeFile(): void {
    closeSync(this.#file);
  }

  #note(line: Line): void {
    this.#write(line);
    this.#take(line);
  }

  #write(line: object): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      // A nearly full disk can write only a part.
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(
        `the journal ${this.#path} cannot be written: ${code}; run the same command again to resume from it`,
      );
    }
  }

  #take({ asked, at, queued, request, ended, fate, finished }: Line): void {
    if (asked !== undefined) {
      this.position = at;
      this.#open.set(asked, { id: asked, position: at });
    }
    const known = queued === undefined ? undefined : this.#open.get(queued);
    if (known) this.#open.set(known.id, { ...known, requestId: request });
    if (ended !== undefined && fate && this.#open.delete(ended)) this.#count(fate);
    if (finished) this.isFinished = true;
  }

  #count({ outcome, records, left = 0 }: Fate): void {
    this.totals[outcome]++;
    this.totals.records += records;
    if (left > 0) this.totals.withBatches++;
  }
}

/** Start of all journals. */
const BEGIN = '{"version":';

/** Whether text is the start of a journal's first line. */
function isBegin(text: string): boolean {
  return text.startsWith(BEGIN) || BEGIN.startsWith(text);
}

/** The header in a journal's first line. */
function headerOf(line: Readonly<Record<string, unknown>> | undefined, path: string): Header {
  const { version, run, selection } = line ?? {};
  if (typeof run !== "string" || !isObject(selection)) {
    throw new UsageError(`--journal must be a journal of tencent-logs backfill, got ${path}; name another file`);
  }
  if (version === 1) return line as unknown as Header;
  const remedy = "resume with the release that began it, or name another file";
  throw new UsageError(`--journal must be of version 1, got ${JSON.stringify(version)} in ${path}; ${remedy}`);
}

/** A line of a file, its position, and whether it has its line end. */
interface FileLine {
  readonly text: string;
  readonly start: number;
  readonly isWhole: boolean;
}

/** The lines of a file that can be larger than memory. */
function* linesOf(path: string): Generator<FileLine> {
  const file = openSync(path, "r");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    let rest = Buffer.alloc(0);
    let offset = 0;
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
        yield { text: bytes.toString("utf8", start, end), start: offset + start, isWhole: true };
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      offset += start;
    }
    if (rest.length > 0) yield { text: rest.toString(), start: offset, isWhole: false };
  } finally {
    closeSync(file);
  }
}

/** Allows one process at a time: two would request everything twice. The lock of a killed process is taken over. */
function lock(lockPath: string, path: string): void {
  for (let tries = 0; ; tries++) {
    try {
      const file = openSync(lockPath, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(readFileSync(lockPath, "utf8"));
      if (tries > 0 || isAlive(owner)) {
        throw new UserError(
          `--journal ${path} must be one process's, got one that process ${owner} writes; let it end`,
        );
      }
      rmSync(lockPath, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
