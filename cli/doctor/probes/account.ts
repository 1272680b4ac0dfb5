import { setTimeout as sleep } from "node:timers/promises";
import type { Credentials } from "../../../functions/tencent/credentials";
import { CosClient } from "../../../functions/tencent/cos-client";
import { type Answer, type ApiAction, Cloud } from "../cloud";
import { CleanUp } from "./clean-up";

/** The clock of probes: the machine's, unless a test sets another. */
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
  /** Ends the run; created resources are still removed. */
  readonly signal: AbortSignal;
  /** Part of the names of all created resources. */
  readonly id: string;
  readonly stopwatch: Stopwatch;
}

/** Prefix of the names of all resources that probes create. */
export const NAME_PREFIX = "tencent-logs-doctor-";

/** The account for one probe. Close it after use. */
export class ProbedAccount {
  readonly #cloud: Cloud;
  /** Continues when the run is aborted. */
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

  /** A unique name. */
  name(): string {
    return `${NAME_PREFIX}${this.run.id}-${++this.#names}`;
  }

  ask(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cloud.ask(action, parameters);
  }

  /** Sends a request once, for actions that create something. */
  make(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cloud.once(action, parameters);
  }

  /** Sends a request even if the run is aborted, to remove what was created. */
  clean(action: ApiAction, parameters: object): Promise<Answer> {
    return this.#cleaning.ask(action, parameters);
  }

  now(): number {
    return this.run.stopwatch.now();
  }

  wait(ms: number): Promise<void> {
    return this.run.stopwatch.wait(ms, this.run.signal);
  }

  /** Checks repeatedly; resolves to the result of a check, or to undefined if there is none within that time. */
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
