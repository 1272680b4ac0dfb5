import { builtin } from "../tencent/builtin";
import { publicMessage, ServiceError } from "../tencent/service-error";
import { Backlog, type During } from "./backlog";
import { encodeRecords } from "./encode";
import { Flag, flagRequest } from "./flag";
import { Intake, type Lines, type Mark } from "./intake";
import { sendLastWords } from "./last-words";
import type { LiveLine, LiveOrigin } from "./record";
import { Sender, within } from "./sender";
import type { LiveSettings } from "./settings";
import { uploadRequest } from "./upload";
import { LOOK_MS } from "./watch-flag";

/** Maximum milliseconds by which the end of an invocation is delayed to send its lines. */
const LEAVE_MS = 100;

/** Milliseconds between two log lines about the reporter's own errors. */
const TROUBLE_MS = 60_000;

type Stream = LiveLine["stream"];

/** The used part of SCF's context. */
export interface RunContext {
  readonly request_id?: unknown;
  readonly function_name?: unknown;
  readonly namespace?: unknown;
  readonly function_version?: unknown;
}

/**
 * The reporter of one instance: sends what the function writes to the live topic while somebody watches.
 *
 * While a look at the flag is in progress and it is unknown whether somebody watches, lines are held; then they are sent or
 * discarded. The reporter never throws into the handler, and only the wait at the end of a run keeps the process alive.
 */
export class Reporter {
  readonly #settings: LiveSettings;
  readonly #tell: (line: string) => void;
  readonly #instance = builtin("node:crypto").randomBytes(8).toString("hex");
  readonly #backlog = new Backlog();
  readonly #flag = new Flag();
  readonly #sender: Sender;
  readonly #intake = new Intake({
    now: () => this.#now(),
    line: (mark, time, text, bytes) => this.#takeLine(mark, time, text, bytes),
    lines: (mark, lines) => this.#takeLines(mark, lines),
    isFull: (time) => this.#backlog.isFull(time),
    count: (lines, bytes, time) => {
      this.#lines += lines;
      this.#backlog.count(lines, bytes, this.#during, time);
    },
  });
  /** Whether lines are kept to be sent; otherwise they are only counted. */
  #keeps = true;
  #looking: Promise<void> | undefined;
  #origin: Omit<LiveOrigin, "instance"> | undefined;
  /** The current run of the handler, or the time before or after one. */
  #during: During = { requestId: "", run: 0 };
  #lines = 0;
  /** Zero of the `performance` clock, in microseconds since the epoch. */
  #epoch = epochOfPerformance();
  #troubleAt = 0;

  /** @param tell writes a line to SCF's own log, past the hooks */
  constructor(settings: LiveSettings, tell: (line: string) => void, environment: NodeJS.ProcessEnv) {
    this.#settings = settings;
    this.#tell = tell;
    this.#sender = new Sender(this.#backlog, settings, {
      origin: () => this.#origin && { ...this.#origin, instance: this.#instance },
      run: () => this.#during.run,
      maySend: () => this.#flag.isWatched,
      gather: () => this.#intake.cut(),
      trouble: (error) => this.trouble(error),
    });
    this.#origin = originOf({
      function_name: environment.SCF_FUNCTIONNAME,
      namespace: environment.SCF_NAMESPACE,
      function_version: environment.SCF_FUNCTIONVERSION ?? "",
    });
    if (this.#origin) this.#look();
    // A watch can begin or end during a long run.
    setInterval(() => this.#during.requestId !== "" && this.#look(), LOOK_MS).unref();
  }

  /** Takes what was written to a stream. */
  take(stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined): void {
    try {
      if (!this.#keeps) this.#lines += this.#intake.pass(stream, chunk);
      else if (this.#intake.write(stream, chunk, encoding) && !this.#looking) this.#sender.schedule();
    } catch (error) {
      this.trouble(error);
    }
  }

  /** Sets the level of the console method that currently writes. */
  setLevel(level: string | undefined): void {
    this.#intake.setLevel(level);
  }

  /** A run of the handler begins. */
  begin(context: RunContext): void {
    try {
      this.end();
      this.#during = { requestId: textOf(context.request_id) ?? "", run: this.#during.run + 1 };
      this.#epoch = epochOfPerformance();
      this.#lines = 0;
      const origin = originOf(context);
      if (origin && differs(origin, this.#origin)) {
        const isOther = this.#origin !== undefined && !isSameFunction(origin, this.#origin);
        this.#origin = origin;
        if (isOther) this.#flag.lookedAt = 0;
      }
      this.#flag.thaw();
      this.#sender.thaw();
      if (this.#flag.isOld) this.#look();
      else this.#decide();
    } catch (error) {
      this.trouble(error);
    }
  }

  /**
   * A run of the handler has ended: returns undefined if there is nothing to wait for, otherwise resolves when its lines
   * are sent, or after 100 ms. Never rejects.
   */
  leave(): Promise<void> | undefined {
    try {
      this.end();
      const { run } = this.#during;
      // The first run also waits for the flag; otherwise a short one would never be seen.
      const isCold = run === 1 && this.#looking !== undefined;
      if (isCold || (this.#flag.isWatched && this.#sender.isReady)) {
        return this.#sendRest().finally(() => this.#left(run));
      }
      this.#left(run);
      return undefined;
    } catch (error) {
      this.trouble(error);
      return undefined;
    }
  }

  /** Ends the request of the current run, without waiting. */
  end(): void {
    this.#intake.cut();
    if (this.#during.requestId === "") return;
    this.#intake.flush(this.#now());
    if (this.#keeps) this.#backlog.addEnd(this.#lines, this.#during, this.#now());
    this.#during = { requestId: "", run: this.#during.run };
  }

  /** A handler has returned, but its run has possibly not ended: its lines are sent as at its end. */
  rest(): void {
    try {
      this.#intake.cut();
      if (this.#flag.isWatched && this.#sender.isReady) void this.#sendRest();
    } catch (error) {
      this.trouble(error);
    }
  }

  /** The process ends with an error that Node reports past `process.stderr`. */
  reportCrash(text: string): void {
    this.setLevel("error");
    this.take("stderr", `${text}\n`, undefined);
    this.setLevel(undefined);
  }

  /** The process ends: sends the rest while the process blocks, for 100 ms at most. */
  sendLast(): void {
    try {
      this.end();
      if (!this.#origin || this.#backlog.isEmpty || !this.#keeps) return;
      const flag = this.#flag.isWatched ? undefined : flagRequest({ ...this.#settings, ...this.#origin });
      if (flag && this.#flag.isKnown && !this.#looking) return;
      const records = encodeRecords(
        this.#backlog.batch(),
        { ...this.#origin, instance: this.#instance },
        this.#during.run,
      );
      sendLastWords(uploadRequest(this.#settings, records), flag);
    } catch (error) {
      this.trouble(error);
    }
  }

  /** Logs an error of the reporter to SCF's own log, at most once a minute. */
  trouble(error: unknown): void {
    const now = Date.now();
    if (now - this.#troubleAt < TROUBLE_MS) return;
    this.#troubleAt = now;
    this.#tell(troubleLine(error));
  }

  async #sendRest(): Promise<void> {
    const endsAt = Date.now() + LEAVE_MS;
    if (this.#looking && !this.#flag.isWatched) await within(this.#looking, LEAVE_MS);
    await this.#sender.drain(endsAt - Date.now());
  }

  /** Everything that is sent from now on is late. */
  #left(run: number): void {
    if (run === this.#during.run) this.#during = { requestId: "", run: run + 1 };
  }

  #look(): void {
    if (!this.#origin) return;
    const { namespace, function: name } = this.#origin;
    if (this.#looking) return;
    this.#keeps = true;
    const place = { ...this.#settings, namespace, function: name };
    this.#looking = this.#flag
      .look(place)
      // After a freeze or a broken connection, a second attempt can succeed.
      .catch((error: unknown) => (isReset(error) ? this.#flag.look(place) : Promise.reject(error)))
      .catch((error: unknown) => this.trouble(error))
      .then(() => {
        this.#looking = undefined;
        this.#decide();
      });
  }

  /** Keeps or discards lines, depending on the flag. */
  #decide(): void {
    if (this.#looking) return;
    this.#keeps = this.#flag.isWatched;
    if (this.#keeps) {
      this.#intake.cut();
      if (!this.#backlog.isEmpty) this.#sender.schedule();
    } else {
      this.#lines += this.#intake.letGo();
      this.#backlog.letGo();
    }
  }

  #takeLine({ stream, level }: Mark, time: number, text: string | undefined, bytes: number): void {
    this.#lines++;
    this.#backlog.addLine(text, bytes, time, { stream, level, during: this.#during });
    if (!this.#looking) this.#sender.schedule();
  }

  #takeLines({ stream, level }: Mark, lines: Lines): void {
    this.#lines += lines.texts.length;
    this.#backlog.addLines(lines, { stream, level, during: this.#during });
    if (!this.#looking) this.#sender.schedule();
  }

  #now(): number {
    return Math.round(this.#epoch + performance.now() * 1000);
  }
}

function epochOfPerformance(): number {
  return (Date.now() - performance.now()) * 1000;
}

function isReset(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "ECONNRESET";
}

/** The origin according to a context; undefined if it does not contain it. */
function originOf(context: RunContext): Omit<LiveOrigin, "instance"> | undefined {
  const [name, namespace] = [textOf(context.function_name), textOf(context.namespace)];
  if (name === undefined || namespace === undefined) return undefined;
  return { function: name, namespace, version: textOf(context.function_version) ?? "" };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

type Origin = Omit<LiveOrigin, "instance">;

function differs(origin: Origin, other: Origin | undefined): boolean {
  return !other || origin.version !== other.version || !isSameFunction(origin, other);
}

function isSameFunction(origin: Origin, other: Origin): boolean {
  return origin.function === other.function && origin.namespace === other.namespace;
}

/** One line about an error of the reporter. */
export function troubleLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = publicMessage(message).replace(/\p{Cc}/gu, " ");
  return `LOGS_LIVE: live lines are missing: ${line}; the function is not affected\n`;
}
