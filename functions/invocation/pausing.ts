import type { Resumed } from "../outputs/context";
import type { ParseCounts } from "../parser/counts";
import type { Router } from "../processors/router";
import { type RouterCounts, sumRouted } from "../processors/router-counts";
import { comesInOrder, resumesAtLines } from "../parser/open-content";
import type { ParsedBatch, Reached } from "../records/contracts";
import type { ContentSettings } from "../settings";

/** How far earlier invocations read an input before their time was up. Stored as JSON in its note. */
export interface Continuation {
  /** Offset in the unpacked input: everything that begins before it has been handed on. */
  readonly byte: number;
  /** Counts up to there, over all invocations. */
  readonly counts: Readonly<ParseCounts>;
  /** Counts of routed records up to there, over all invocations. */
  readonly routed: RouterCounts;
  /** Number of bytes of the stored object that are counted. */
  readonly bytes: number;
  /** Where each output continues, by its stream: after `byte`, if it has stored more. */
  readonly outputs: Readonly<Record<string, Resumed>>;
  /** Number of invocations that have read a part of it. */
  readonly invocations: number;
}

/** A point up to which everything counted was handed on. */
type Checkpoint = Pick<Continuation, "byte" | "counts" | "routed">;

/**
 * Watches the reading of an input that another invocation can continue, and ends it in time for the outputs to store what
 * they hold.
 *
 * Outputs do not stop at the same offset. A `CosOutput` continues at the start of the open stretch, because an object is
 * written from a whole stretch; others continue after the last record that they were sent. The next invocation reads from
 * the last checkpoint before all of these offsets, and each output skips what it already has.
 */
export class Pausing {
  readonly #before: Continuation | undefined;
  readonly #dueAt: number;
  readonly #atLines: boolean;
  readonly #inOrder: boolean;
  readonly #counts: ParseCounts;
  readonly #checkpoints: Checkpoint[] = [];
  /** Offset just after the start of the last record or invalid line, in input order, that was handed on. */
  #next: number;
  /** Whether no later record can begin before one that was handed on. */
  #isDivided: boolean;

  /**
   * @param before the state after earlier invocations
   * @param dueAt when reading should end, in milliseconds since the epoch
   * @param counts counts of the input, which continue
   */
  constructor(
    before: Continuation | undefined,
    dueAt: number,
    content: ContentSettings | undefined,
    counts: ParseCounts,
  ) {
    this.#before = before;
    this.#next = before?.byte ?? 0;
    this.#dueAt = dueAt;
    this.#atLines = resumesAtLines(content);
    this.#inOrder = this.#isDivided = comesInOrder(content);
    this.#counts = counts;
  }

  /** A batch was handed on. */
  took({ records, invalid, reached }: ParsedBatch, router: Pick<Router, "counts">): void {
    const items = this.#inOrder ? [...records.slice(-1), ...invalid.slice(-1)] : [...records, ...invalid];
    for (const { place } of items) this.#next = Math.max(this.#next, place.byte + 1);
    this.#isDivided = this.#inOrder || (reached !== undefined && reached.waiting >= this.#next);
    if (reached && this.#isDivided) this.#reached(reached, router);
  }

  #reached({ line }: Reached, router: Pick<Router, "counts">): void {
    this.#checkpoints.push({
      byte: this.#atLines ? line : this.#next,
      counts: { ...this.#counts },
      routed: sumRouted(this.#before?.routed, router.counts()),
    });
  }

  /** Pauses the outputs if it is time and there was progress. Resolves to the state to continue from, or to nothing. */
  async pause(router: Router, bytes: number): Promise<Continuation | undefined> {
    if (Date.now() < this.#dueAt) return undefined;
    const next = this.#next;
    const outputs = router.resumesAt(next);
    if (!outputs || !this.#isDivided) return undefined;
    const most = Math.min(next, ...Object.values(outputs));
    const checkpoint = this.#checkpoints.filter(({ byte }) => byte <= most).at(-1);
    if (!checkpoint || checkpoint.byte <= (this.#before?.byte ?? 0)) return undefined;
    const parcels = await router.pause(next);
    const resumed = Object.entries(outputs).map(([name, byte]) => [name, { byte, parcels: parcels[name] }] as const);
    return {
      ...checkpoint,
      bytes: Math.max(bytes, this.#before?.bytes ?? 0),
      outputs: Object.fromEntries(resumed),
      invocations: (this.#before?.invocations ?? 0) + 1,
    };
  }
}

/** The part of a batch that begins at or after an offset. */
export function behind({ records, invalid }: ParsedBatch, byte: number): ParsedBatch {
  return {
    records: records.filter(({ place }) => place.byte >= byte),
    invalid: invalid.filter(({ place }) => place.byte >= byte),
  };
}
