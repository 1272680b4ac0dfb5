import { ServiceError } from "../tencent/service-error";
import type { Backlog } from "./backlog";
import { encodeRecords } from "./encode";
import type { LiveOrigin } from "./record";
import { type LiveTopic, requireStored, uploadRequest } from "./upload";
import { Wire } from "./wire";

/** Milliseconds for which lines are collected before they are sent. */
export const GATHER_MS = 200;

/** Milliseconds after a failure, doubled with each further one up to the maximum. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** What the sender needs from the reporter. */
export interface SenderHost {
  /** Undefined while the function's identity is unknown. */
  origin(): LiveOrigin | undefined;
  /** The number of the handler's run. */
  run(): number;
  /** Whether records can be sent because somebody watches. */
  maySend(): boolean;
  /** Adds what was written to the backlog. */
  gather(): void;
  trouble(error: unknown): void;
}

/** Sends the backlog in order, one request at a time. Retries failures; counts permanent refusals as dropped. */
export class Sender {
  readonly #backlog: Backlog;
  readonly #topic: LiveTopic;
  readonly #host: SenderHost;
  readonly #wire = new Wire();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #failures = 0;
  /** Earliest time of the next request, in milliseconds since the epoch. */
  #pausedUntil = 0;

  constructor(backlog: Backlog, topic: LiveTopic, host: SenderHost) {
    this.#backlog = backlog;
    this.#topic = topic;
    this.#host = host;
  }

  /** Whether a request would be sent now, so that waiting for it makes sense. */
  get isReady(): boolean {
    return !this.#backlog.isEmpty && this.#pauseMs === 0;
  }

  /** Milliseconds until the next request. Longer than any pause means that the clock was set back. */
  get #pauseMs(): number {
    const pause = this.#pausedUntil - Date.now();
    return pause > LONGEST_PAUSE_MS ? 0 : Math.max(0, pause);
  }

  /** Sends the backlog after lines have been collected for a while. */
  schedule(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.send();
      },
      Math.max(GATHER_MS, this.#pauseMs),
    ).unref();
  }

  /** Sends the backlog now, as long as that succeeds; resolves after the given milliseconds at the latest. */
  async drain(milliseconds: number): Promise<void> {
    const endsAt = Date.now() + milliseconds;
    while (this.isReady && this.#host.maySend() && Date.now() < endsAt) await within(this.send(), endsAt - Date.now());
  }

  /** Sends the backlog now; resolves when it is sent, or a request failed. Never rejects. */
  send(): Promise<void> {
    return (this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (!this.#backlog.isEmpty && this.#host.maySend()) this.schedule();
    }));
  }

  /** A request in progress when the instance was frozen may never be answered. */
  thaw(): void {
    this.#wire.thaw();
  }

  async #sendAll(): Promise<void> {
    // Requests that begin in the same turn of the event loop are sent together.
    await Promise.resolve();
    try {
      this.#host.gather();
      while (this.isReady && this.#host.maySend()) if (!(await this.#sendBatch())) return;
    } catch (error) {
      this.#pause(error);
    }
  }

  /** Resolves to whether there was a batch. */
  async #sendBatch(): Promise<boolean> {
    const origin = this.#host.origin();
    const batch = origin ? this.#backlog.batch() : [];
    if (!origin || batch.length === 0) return false;
    try {
      const request = uploadRequest(this.#topic, encodeRecords(batch, origin, this.#host.run()));
      requireStored(request.what, await this.#wire.send(request));
      this.#backlog.remove(batch);
      this.#failures = 0;
    } catch (error) {
      if (isRefusedForGood(error)) this.#backlog.drop(batch);
      throw error;
    }
    return true;
  }

  #pause(error: unknown): void {
    // A connection that died while idle says nothing about the service.
    const isFirst = this.#failures++ === 0 && (error as ServiceError).code === "ECONNRESET";
    const pause = isFirst ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    this.#pausedUntil = Date.now() + pause;
    if (!isFirst) this.#host.trouble(error);
  }
}

/** Waits at most the given milliseconds for work that never rejects. The timer deliberately keeps the process alive. */
export function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Whether the same request would always be refused, whatever permissions and topics become. */
function isRefusedForGood(error: unknown): boolean {
  const status = error instanceof ServiceError ? error.statusCode : undefined;
  return status === 400 || status === 413;
}
