import { setTimeout as sleep } from "node:timers/promises";
import { LogCollector, type LogLine } from "./log";
import { codeThrew, outOfMemory, processExited, timedOut, type FunctionError } from "./error";
import { peakMemoryMb } from "./memory";
import { startProcess, type InstanceProcess, type ProcessOptions } from "./process";

/** One invocation for a worker. */
export interface Task {
  readonly event: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  /** The role's key, set for each invocation. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly timeoutSeconds: number;
  /** How far its time is ahead of the machine's; for Node only. */
  readonly aheadMs: number;
  /** Called with each line while the function runs. */
  readonly onLine: (line: LogLine) => void;
}

/** Result of an invocation. */
export interface Outcome {
  /** What the handler returned. */
  readonly result?: unknown;
  readonly error?: FunctionError;
  /** Lines that the function wrote. */
  readonly log: string[];
  readonly ms: number;
  /** Peak resident memory of the process; 0 if the system does not report it. */
  readonly memoryMb: number;
}

type Message =
  | { readonly type: "ready" }
  | { readonly type: "broken"; readonly error: { message: string; stack: string } }
  | { readonly type: "done"; readonly result?: string; readonly error?: { message: string; stack: string } };

const INIT_TIMEOUT_SECONDS = 65;
const MEMORY_CHECK_MS = 25;
/** A function that has closed its standard output does not send the marker. */
const OUTPUT_WAIT_MS = 1000;

/** An instance of a function: a process that runs one invocation at a time, and stays warm for the next. */
export class Worker {
  private readonly process: InstanceProcess;
  private readonly log = new LogCollector();
  private readonly closed: Promise<void>;
  private readonly ready: Promise<FunctionError | undefined>;
  private peakMb = 0;
  private marker = "";
  private onMessage: (message: Message) => void = () => undefined;
  private onMarker: () => void = () => undefined;
  private gone = false;

  constructor(private readonly options: ProcessOptions) {
    this.process = startProcess(options, (message) => this.onMessage(message as Message));
    const { child } = this.process;
    child.stdout?.on("data", (chunk: Buffer) => this.write("stdout", chunk));
    child.stderr?.on("data", (chunk: Buffer) => this.write("stderr", chunk));
    this.closed = new Promise<void>((resolve) => {
      child.once("error", () => resolve());
      child.once("close", () => resolve());
    }).then(() => {
      this.gone = true;
    });
    this.ready = this.start();
  }

  /** Whether it can run another invocation. */
  get alive(): boolean {
    return !this.gone;
  }

  /**
   * Runs one invocation. A worker that timed out, ran out of memory or could not load its code is stopped afterwards.
   */
  async run(task: Task): Promise<Outcome> {
    // Output while the code is loaded belongs to the invocation that caused the loading.
    this.log.begin(task.onLine);
    const broken = await this.ready;
    const started = performance.now();
    const ended = broken ? { error: broken } : await this.invoke(task);
    const ms = Math.round(performance.now() - started);
    const memoryMb = Math.round(this.peakMb * 10) / 10;
    if (this.gone || broken || memoryMb > this.options.memoryMb) await this.kill();
    const error = memoryMb > this.options.memoryMb ? outOfMemory(this.options.memoryMb) : ended.error;
    return { ...(error ? { error } : { result: ended.result }), log: this.log.end(), ms, memoryMb };
  }

  /** Kills the process and waits for its exit. */
  async kill(): Promise<void> {
    this.process.child.kill("SIGKILL");
    await this.closed;
  }

  private async start(): Promise<FunctionError | undefined> {
    const message = await this.nextMessage(INIT_TIMEOUT_SECONDS);
    if (message === "timeout") return timedOut(INIT_TIMEOUT_SECONDS);
    if (message === "exit") return this.exitError();
    return message.type === "broken" ? codeThrew(message.error.stack) : undefined;
  }

  private async invoke(task: Task): Promise<{ result?: unknown; error?: FunctionError }> {
    this.marker = `\0${task.requestId}\0`;
    const watch = setInterval(() => this.checkMemory(), MEMORY_CHECK_MS);
    const output = this.bothMarkers();
    try {
      const { aheadMs, context, credentials, event } = task;
      this.process.send({ event, context, credentials, aheadMs, marker: this.marker });
      const message = await this.nextMessage(task.timeoutSeconds);
      if (message === "timeout") {
        await this.kill();
        return { error: timedOut(task.timeoutSeconds) };
      }
      if (message === "exit") return { error: this.exitError() };
      await Promise.race([output, this.closed, sleep(OUTPUT_WAIT_MS, undefined, { ref: false })]);
      return outcomeOf(message);
    } finally {
      clearInterval(watch);
      this.measure();
    }
  }

  /** The next message of the process, or why there is none. */
  private async nextMessage(timeoutSeconds: number): Promise<Message | "exit" | "timeout"> {
    let timer: NodeJS.Timeout | undefined;
    const message = new Promise<Message>((resolve) => (this.onMessage = resolve));
    const timeout = new Promise<"timeout">((resolve) => {
      timer = setTimeout(() => resolve("timeout"), timeoutSeconds * 1000);
    });
    try {
      return await Promise.race([message, timeout, this.closed.then(() => "exit" as const)]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when both output streams have reached the end of the invocation. */
  private bothMarkers(): Promise<void> {
    return new Promise((resolve) => {
      let missing = 2;
      this.onMarker = () => {
        missing -= 1;
        if (missing === 0) resolve();
      };
    });
  }

  private write(stream: "stdout" | "stderr", chunk: Buffer): void {
    if (this.log.write(stream, chunk, this.marker)) this.onMarker();
  }

  private checkMemory(): void {
    this.measure();
    if (this.peakMb > this.options.memoryMb) this.process.child.kill("SIGKILL");
  }

  private measure(): void {
    const { pid } = this.process.child;
    const peak = pid === undefined ? undefined : peakMemoryMb(pid);
    this.peakMb = Math.max(this.peakMb, peak ?? 0);
  }

  /**
   * V8 aborts the process if its heap is full. The system kills a process that needs more memory than the machine has,
   * possibly before its memory was measured.
   */
  private exitError(): FunctionError {
    const { exitCode, signalCode } = this.process.child;
    const isOut = signalCode === "SIGABRT" || signalCode === "SIGKILL" || exitCode === 134;
    return isOut ? outOfMemory(this.options.memoryMb) : processExited();
  }
}

function outcomeOf(message: Message): { result?: unknown; error?: FunctionError } {
  if (message.type !== "done") return { error: processExited() };
  return message.error ? { error: codeThrew(message.error.stack) } : { result: JSON.parse(message.result ?? "null") };
}
