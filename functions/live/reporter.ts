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

/** Most milliseconds for which the end of an invocation waits for its lines to leave. */
const LEAVE_MS = 100;

/** Milliseconds between two lines about the reporter's own trouble. */
const TROUBLE_MS = 60_000;

type Stream = LiveLine["stream"];

/** What is used of SCF's context. */
export interface RunContext {
  readonly request_id?: unknown;
  readonly function_name?: unknown;
  readonly namespace?: unknown;
  readonly function_version?: unknown;
}

/**
 * The reporter of one instance: what the function writes goes to the live topic while somebody watches.
 *
 * While nobody knows whether somebody does, as a look at the flag is under way, lines are held; then they are sent or let
 * go. Nothing in here throws into the handler, and nothing keeps the process awake but the wait at the end of a run.
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
  /** Whether lines are kept, to be sent; else they pass by, and only their number is known. */
  #keeps = true;
  #looking: Promise<void> | undefined;
  #origin: Omit<LiveOrigin, "instance"> | undefined;
  /** The run of the handler that is under way, or the time before and after one. */
  #during: During = { requestId: "", run: 0 };
  #lines = 0;
  /** Microseconds since the epoch at which the clock of `performance` was zero. */
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
    // A run that takes long: a watch may begin, or end, meanwhile.
    setInterval(() => this.#during.requestId !== "" && this.#look(), LOOK_MS).unref();
  }

  /** What was written to a stream. */
  take(stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined): void {
    try {
      if (!this.#keeps) this.#lines += this.#intake.pass(stream, chunk);
      else if (this.#intake.write(stream, chunk, encoding) && !this.#looking) this.#sender.schedule();
    } catch (error) {
      this.trouble(error);
    }
  }

  /** What the console calls what it writes now. */
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
   * A run of the handler has ended: undefined where nothing is to be waited for, else resolves when its lines have left,
   * or after 100 ms. Never rejects.
   */
  leave(): Promise<void> | undefined {
    try {
      this.end();
      const { run } = this.#during;
      // The first run waits for the flag as well: else nobody would ever see one that is short.
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

  /** Ends the request whose run is under way, without a wait. */
  end(): void {
    this.#intake.cut();
    if (this.#during.requestId === "") return;
    this.#intake.flush(this.#now());
    if (this.#keeps) this.#backlog.addEnd(this.#lines, this.#during, this.#now());
    this.#during = { requestId: "", run: this.#during.run };
  }

  /** A handler has returned, and nobody knows whether its run has ended: its lines leave, as with its end. */
  rest(): void {
    try {
      this.#intake.cut();
      if (this.#flag.isWatched && this.#sender.isReady) void this.#sendRest();
    } catch (error) {
      this.trouble(error);
    }
  }

  /** The process ends of an error that Node tells of past `process.stderr`. */
  reportCrash(text: string): void {
    this.setLevel("error");
    this.take("stderr", `${text}\n`, undefined);
    this.setLevel(undefined);
  }

  /** The process ends: what is left is sent while it stands still, for 100 ms at most. */
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

  /** Tells of a fault of the reporter in SCF's own log, once a minute. */
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

  /** What leaves from now on is late. */
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
      // One that was frozen, or whose connection broke, may do better the second time.
      .catch((error: unknown) => (isReset(error) ? this.#flag.look(place) : Promise.reject(error)))
      .catch((error: unknown) => this.trouble(error))
      .then(() => {
        this.#looking = undefined;
        this.#decide();
      });
  }

  /** Keeps lines, or lets them go, by what is known of the flag. */
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

/** Who a context says that it is of; undefined where it does not say. */
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

/** One line about a fault of ours. */
export function troubleLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = publicMessage(message).replace(/\p{Cc}/gu, " ");
  return `LOGS_LIVE: live lines are missing: ${line}; the function is not affected\n`;
}
