import { setTimeout as wait } from "node:timers/promises";
import { retryDelay, type RetryPolicy } from "../tencent/retry";
import { PlaintextError } from "./kafka/plaintext";
import {
  type ConsumedBatch,
  type ConsumedTopic,
  type GroupMember,
  LostPartitionError,
  LostPositionError,
  type MemberState,
  StalledError,
  TopicsChangedError,
} from "./member";

/** What a source meets, besides what its member tells. */
export type SourceEvent =
  /** It is not read: it is tried again after a while. */
  | { readonly kind: "failed"; readonly what: string; readonly error: unknown; readonly againMs: number }
  /** A batch could not be handled: it is tried again after a while, and nothing after it before. */
  | { readonly kind: "unhandled"; readonly batch: ConsumedBatch; readonly error: unknown; readonly againMs: number }
  | { readonly kind: "handled"; readonly batch: ConsumedBatch }
  /** A batch is another member's to handle, maybe again. */
  | { readonly kind: "left"; readonly batch: ConsumedBatch; readonly reason: string };

/** What is done with what a group reads. */
export interface SourceOptions {
  /** Makes a member anew. */
  readonly open: () => GroupMember;
  /** Resolves when the records are done with: only then the position moves. What it throws is tried again. */
  readonly handle: (batch: ConsumedBatch) => Promise<void>;
  readonly tell: (event: SourceEvent) => Promise<void> | void;
  /** Has it leave the group. */
  readonly signal: AbortSignal;
  /** Batches that are handled at a time, of a partition each. @default 32 */
  readonly concurrency?: number;
  /** Milliseconds that leaving may take. @default 8000 */
  readonly graceMs?: number;
}

/** How a source stands. */
export interface SourceState {
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  /** Undefined while it has no member. */
  readonly member?: MemberState;
  /** Why it is not read at the moment. */
  readonly failure?: string;
  /** When it was last seen to read: in milliseconds since 1970. */
  readonly failingSince?: number;
}

const PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 1_000, maxDelayMs: 30_000 };
const BATCH_PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 500, maxDelayMs: 30_000 };
const GRACE_MS = 8_000;

/** Milliseconds that handlers have to notice that their batch is no longer theirs. */
const LAST_MS = 1_000;

/** Topics that a group reads, for as long as it takes: a member that fails is made anew, and others are not concerned. */
export class Source {
  readonly #options: SourceOptions;
  #member: GroupMember;
  #failure: { readonly text: string; readonly since: number } | undefined;
  /** Batches that were handled since the member was made. */
  #handled = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#member = options.open();
  }

  state(): SourceState {
    const { what, topics } = this.#member;
    if (!this.#failure) return { what, topics, member: this.#member.state() };
    return { what, topics, failure: this.#failure.text, failingSince: this.#failure.since };
  }

  /**
   * Resolves when it has left, or all is through that was asked for. Throws what nobody but a person cures: a position that
   * is kept no more where the choice is to fail, a key that would travel readable, and a source that does not go on even
   * when it is made anew.
   */
  async run(): Promise<void> {
    const { signal, open, tell } = this.#options;
    for (let failures = 1, stalls = 0; ; failures++) {
      try {
        return await this.#live(this.#member);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof TopicsChangedError) {
          this.#member = open();
          continue;
        }
        if (this.#handled > 0) failures = 1;
        stalls = error instanceof StalledError ? (this.#handled > 0 ? 1 : stalls + 1) : 0;
        if (stalls > 1 || error instanceof LostPositionError || error instanceof PlaintextError) throw error;
        const againMs = Math.round(retryDelay(PAUSES, failures));
        this.#failure = { text: textOf(error), since: this.#failure?.since ?? Date.now() };
        await tell({ kind: "failed", what: this.#member.what, error, againMs });
        await wait(againMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        this.#member = open();
      }
    }
  }

  async #live(member: GroupMember): Promise<void> {
    const { signal, concurrency = 32, graceMs = GRACE_MS } = this.#options;
    const running = new Set<Promise<void>>();
    this.#handled = 0;
    const leave = (): void => void member.leave(graceMs);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    try {
      for await (const batch of member.batches()) {
        const work = this.#handle(batch).finally(() => running.delete(work));
        running.add(work);
        if (running.size >= concurrency) await Promise.race(running);
      }
      await member.leave(graceMs);
    } finally {
      signal.removeEventListener("abort", leave);
      await Promise.race([Promise.allSettled(running), wait(LAST_MS)]);
    }
  }

  async #handle(batch: ConsumedBatch): Promise<void> {
    const { handle, tell } = this.#options;
    let isHandled = false;
    for (let failures = 1; ; failures++) {
      try {
        if (!isHandled) await handle(batch);
        isHandled = true;
        await batch.commit();
        this.#handled++;
        this.#failure = undefined;
        return await tell({ kind: "handled", batch });
      } catch (error) {
        if (batch.signal.aborted || error instanceof LostPartitionError) {
          return tell({ kind: "left", batch, reason: textOf(batch.signal.reason ?? error) });
        }
        const againMs = Math.round(retryDelay(BATCH_PAUSES, failures));
        await tell({ kind: "unhandled", batch, error, againMs });
        await wait(againMs, undefined, { signal: batch.signal }).catch(() => undefined);
      }
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
