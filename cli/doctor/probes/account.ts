import { setTimeout as sleep } from "node:timers/promises";
import type { Credentials } from "../../../functions/tencent/credentials";
import { CosClient } from "../../../functions/tencent/cos-client";
import { type Answer, type ApiAction, Cloud } from "../cloud";
import { CleanUp } from "./clean-up";

/** Whose time probes are measured in: the machine's, unless a test says otherwise. */
export interface Stopwatch {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with the signal's reason. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const MACHINE: Stopwatch = {
  now: Date.now,
  wait: async (ms, signal) => void (await sleep(ms, undefined, { signal })),
};

/** What all probes of a run share. */
export interface ProbeRun {
  readonly region: string;
  readonly appId: string;
  readonly credentials: () => Credentials;
  /** Ends the run; what was made is taken away all the same. */
  readonly signal: AbortSignal;
  /** Part of the names of all that is made. */
  readonly id: string;
  readonly stopwatch: Stopwatch;
}

/** What the names of all that probes make begin with. */
export const NAME_PREFIX = "tencent-logs-doctor-";

/** The account that one probe works on. Close it. */
export class ProbedAccount {
  readonly #cloud: Cloud;
  /** Goes on when the run is ended. */
  readonly #cleaning: Cloud;
  readonly cos: CosClient;
  readonly cleanUp = new CleanUp();
  #names = 0;

  constructor(private readonly run: ProbeRun) {
    this.#cloud = new Cloud(run.region, run.credentials, run.signal);
    this.#cleaning = new Cloud(run.region, run.credentials);
    this.cos = new CosClient({ credentials: run.credentials });
  }

  get region(): string {
    return this.run.region;
  }

  get appId(): string {
    return this.run.appId;
  }

  get credentials(): () => Credentials {
    return this.run.credentials;
  }

  get signal(): AbortSignal {
    return this.run.signal;
  }

  /** A name that nothing else has. */
  name(): string {
    return `${NAME_PREFIX}${this.run.id}-${++this.#names}`;
  }

  ask(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cloud.ask(action, parameters);
  }

  /** Asks once, for what makes something. */
  make(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cloud.once(action, parameters);
  }

  /** Asks although the run may be ended: to take away what was made. */
  clean(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cleaning.ask(action, parameters);
  }

  now(): number {
    return this.run.stopwatch.now();
  }

  wait(ms: number): Promise<void> {
    return this.run.stopwatch.wait(ms, this.run.signal);
  }

  /** Looks again and again; resolves to what a look finds, or to undefined where none has within that time. */
  async until<T>(
    look: () => Promise<T | undefined>,
    { every, most }: { every: number; most: number },
  ): Promise<T | undefined> {
    for (const end = this.now() + most; ; await this.wait(every)) {
      const found = await look();
      if (found !== undefined || this.now() >= end) return found;
    }
  }

  close(): void {
    this.#cloud.close();
    this.#cleaning.close();
    this.cos.close();
  }
}
