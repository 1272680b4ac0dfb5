import type { Resumed } from "../outputs/context";
import type { ParseCounts } from "../parser/counts";
import type { Router } from "../processors/router";
import { type RouterCounts, sumRouted } from "../processors/router-counts";
import { comesInOrder, resumesAtLines } from "../parser/open-content";
import type { ParsedBatch, Reached } from "../records/contracts";
import type { ContentSettings } from "../settings";

/** How far an input was read by invocations whose time was up: what the next one needs to go on. Stored as JSON in its note. */
export interface Continuation {
  /** Offset in the unpacked input: what begins before it was handed on by all of them. */
  readonly byte: number;
  /** What was counted up to there, by all of them. */
  readonly counts: Readonly<ParseCounts>;
  /** What became of records up to there, by all of them. */
  readonly routed: RouterCounts;
  /** Bytes of the stored object that were counted. */
  readonly bytes: number;
  /** Where each output goes on, by its stream: behind `byte`, where it has stored more. */
  readonly outputs: Readonly<Record<string, Resumed>>;
  /** How many invocations have read a part of it. */
  readonly invocations: number;
}

/** A moment at which all that counts was handed on. */
type Checkpoint = Pick<Continuation, "byte" | "counts" | "routed">;

/**
 * Watches the reading of an input that another invocation can go on with, and ends it in time: while there is still enough
 * of it for outputs to store what they have.
 *
 * Outputs do not end at the same place. A `CosOutput` goes on at the start of the stretch that is open, since its object is
 * made of all of it; others behind the last record that they were sent. The next invocation reads from the last checkpoint
 * before all of these, and each output leaves out what it has.
 */
export class Pausing {
  readonly #before: Continuation | undefined;
  readonly #dueAt: number;
  readonly #atLines: boolean;
  readonly #inOrder: boolean;
  readonly #counts: ParseCounts;
  readonly #checkpoints: Checkpoint[] = [];
  /** Behind the beginning of the last record, or invalid line, in the order of the input, that was handed on. */
  #next: number;
  /** Whether no record comes any more that stands before one which was handed on. */
  #isDivided: boolean;

  /**
   * @param before how far earlier invocations came
   * @param dueAt when it should end, in milliseconds since the epoch
   * @param counts of the input, which go on
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

  /** Pauses the outputs where it is time to and something was gained by then; resolves to where to go on, or to nothing. */
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

/** What of a batch begins at an offset or behind it. */
export function behind({ records, invalid }: ParsedBatch, byte: number): ParsedBatch {
  return {
    records: records.filter(({ place }) => place.byte >= byte),
    invalid: invalid.filter(({ place }) => place.byte >= byte),
  };
}
