import { randomUUID } from "node:crypto";
import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import { parseQuery } from "./query";
import type { ClsRecord } from "./record";
import type { Topic } from "./topic";

/** A search. */
export interface SearchQuery {
  /** Milliseconds since 1970, start included, end excluded, in the logs' own time. */
  readonly from: number;
  readonly to: number;
  /** In the subset of CQL that the local cloud supports. */
  readonly query: string;
  readonly sort: "asc" | "desc";
  readonly limit: number;
  readonly offset?: number;
  readonly context?: string;
}

/** A log that matches. */
export interface Found {
  readonly record: ClsRecord;
  readonly packageId: string;
  /** Its number within the package. */
  readonly number: number;
}

/** Result of a search. */
export interface SearchResult {
  readonly found: readonly Found[];
  /** Whether there are no more results. */
  readonly isOver: boolean;
  readonly context: string;
}

/** The state behind a `Context`. */
interface Paging {
  readonly asked: string;
  readonly next: number;
  readonly madeAt: number;
}

const MAX_BY_CONTEXT = 10_000;
const CONTEXT_MS = 3_600_000;

/** Searches stored logs. Fact: docs/design/facts/cls-reading.md#searching. */
export class Searches {
  /** Milliseconds on the clock until a received log can be found. */
  delayMs = 0;
  private readonly pagings = new Map<string, Paging>();

  constructor(private readonly clock: SimulatedClock) {}

  search(topic: Topic, given: SearchQuery): SearchResult {
    if (!topic.index?.enabled) {
      throw new Refusal(
        "ResourceNotFound.IndexNotExist",
        `The topic must have an index to be searched, got ${topic.id}.`,
      );
    }
    if (given.from >= given.to) throw new Refusal("InvalidParameter", "From must be less than To.");
    if (given.context !== undefined && given.offset !== undefined) {
      throw new Refusal("InvalidParameter", "Context and Offset must not be given together.");
    }
    const { context, offset, ...asked } = given;
    const start = context === undefined ? (offset ?? 0) : this.resume(context, JSON.stringify([topic.id, asked]));
    const limit = context === undefined ? given.limit : Math.min(given.limit, MAX_BY_CONTEXT - start);
    const all = this.matching(topic, given);
    const found = all.slice(start, start + limit);
    const next = start + found.length;
    const isOver = next >= all.length;
    return { found, isOver, context: isOver ? "" : this.remember(JSON.stringify([topic.id, asked]), next) };
  }

  private matching(topic: Topic, { from, to, query, sort }: SearchQuery): Found[] {
    const matches = parseQuery(query);
    const received = this.clock.now() - this.delayMs;
    const found: Found[] = [];
    for (const partition of topic.partitions.all()) {
      for (const { id, receivedAt, records } of partition.all()) {
        if (receivedAt > received) continue;
        records.forEach((record, number) => {
          if (record.time >= from && record.time < to && matches(record)) found.push({ record, packageId: id, number });
        });
      }
    }
    const direction = sort === "asc" ? 1 : -1;
    return found.sort((one, other) => direction * (timeOf(one.record) - timeOf(other.record)));
  }

  private resume(context: string, asked: string): number {
    const paging = this.pagings.get(context);
    if (!paging || this.clock.now() - paging.madeAt > CONTEXT_MS) {
      throw new Refusal("InvalidParameter", "Context must be one of the last hour.");
    }
    if (paging.asked !== asked) throw new Refusal("InvalidParameter", "With Context, nothing else may change.");
    if (paging.next >= MAX_BY_CONTEXT) {
      throw new Refusal("InvalidParameter", `Context must lead to at most ${MAX_BY_CONTEXT} logs.`);
    }
    return paging.next;
  }

  private remember(asked: string, next: number): string {
    const context = randomUUID();
    this.pagings.set(context, { asked, next, madeAt: this.clock.now() });
    return context;
  }
}

function timeOf({ time, micros = 0 }: ClsRecord): number {
  return time * 1000 + micros;
}
