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

/** Events of a source, in addition to those of its member. */
export type SourceEvent =
  /** It cannot be read and is retried after a pause. */
  | { readonly kind: "failed"; readonly what: string; readonly error: unknown; readonly againMs: number }
  /** A batch could not be handled. It is retried after a pause, before any later one. */
  | { readonly kind: "unhandled"; readonly batch: ConsumedBatch; readonly error: unknown; readonly againMs: number }
  | { readonly kind: "handled"; readonly batch: ConsumedBatch }
  /** The batch is left to another member, which can handle it again. */
  | { readonly kind: "left"; readonly batch: ConsumedBatch; readonly reason: string };

/** Handling of what a group reads. */
export interface SourceOptions {
  /** Creates a new member. */
  readonly open: () => GroupMember;
  /** Resolves when the records are handled; only then does the position move. A failed call is retried. */
  readonly handle: (batch: ConsumedBatch) => Promise<void>;
  readonly tell: (event: SourceEvent) => Promise<void> | void;
  /** Aborts to leave the group. */
  readonly signal: AbortSignal;
  /** Number of batches that are handled at the same time, each of another partition. @default 32 */
  readonly concurrency?: number;
  /** Maximum milliseconds to leave the group. @default 8000 */
  readonly graceMs?: number;
}

/** State of a source. */
export interface SourceState {
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  /** Undefined while it has no member. */
  readonly member?: MemberState;
  /** Why it is currently not read. */
  readonly failure?: string;
  /** When it was last seen reading, in milliseconds since 1970. */
  readonly failingSince?: number;
}

/** Why a member failed, and since when the source has not been read. */
interface Failure {
  readonly text: string;
  readonly since: number;
  readonly of: GroupMember;
}

const PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 1_000, maxDelayMs: 30_000 };
const BATCH_PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 500, maxDelayMs: 30_000 };
const GRACE_MS = 8_000;

/** Milliseconds that handlers have to notice that their batch is no longer theirs. */
const LAST_MS = 1_000;

/** Topics that a group reads until it is told to stop. A member that fails is replaced, without affecting other sources. */
export class Source {
  readonly #options: SourceOptions;
  #member: GroupMember;
  #failure: Failure | undefined;
  /** Batches that were handled since the member was created. */
  #handled = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#member = options.open();
  }

  state(): SourceState {
    const { what, topics } = this.#member;
    const failure = this.#lasting();
    if (!failure) return { what, topics, member: this.#member.state() };
    return { what, topics, failure: failure.text, failingSince: failure.since };
  }

  /** The failure, until the next member reads: if there is nothing to handle, no batch shows that the failure is over. */
  #lasting(): Failure | undefined {
    const failure = this.#failure;
    if (failure && failure.of !== this.#member && isReading(this.#member.state())) return undefined;
    return failure;
  }

  /**
   * Resolves when it has left, or everything requested is read. Throws errors that only a person can fix: a position that
   * is no longer retained if the choice is to fail, a key that would be sent unencrypted, or a source that stalls even with
   * a new member.
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
        this.#failure = { text: textOf(error), since: this.#lasting()?.since ?? Date.now(), of: this.#member };
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

/** Whether a member has joined, and has read each of its partitions at least once. */
function isReading({ isJoined, partitions }: MemberState): boolean {
  return isJoined && partitions.every(({ seconds }) => seconds !== undefined);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
