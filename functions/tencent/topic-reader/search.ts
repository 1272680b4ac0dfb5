import { setTimeout as wait } from "node:timers/promises";
import { Pace } from "./pace";
import type { PullWork } from "./partition-reading";
import type { ReadLog } from "./read";
import { ReadError } from "./read-error";
import { Search } from "./search-pages";

/** Milliseconds until CLS finds a log that it has received; each search looks back this far. */
const LOOK_BACK_MS = 90_000;

/** Minimum milliseconds between two searches. */
const MIN_PAUSE_MS = 50;

/** Milliseconds by which a log's time can be ahead of CLS's clock. */
const LOOK_AHEAD_MS = 60_000;

/**
 * Searches a topic repeatedly: each search covers what the last one can have missed, and known logs are left out. Within
 * each search, logs are in the order of their times.
 */
export async function searchTopic({ client, attempts, read, emit, signal }: PullWork): Promise<void> {
  const { follow = true, until, query = "" } = read;
  const pace = new Pace(1000 / (read.perSecond ?? 1));
  const search = new Search(client, query, (request) => attempts.run(request, () => pace.slower()), signal);
  const seen = new Seen();
  // CLS's clock, which can differ from this machine's, is known after the first answer.
  await search.page({ from: Date.now() - 1000, to: Date.now() }, { Limit: 1 });
  let from = startOf(read.from, client.now);
  for (;;) {
    const started = performance.now();
    const now = client.now;
    const to = Math.min(now + LOOK_AHEAD_MS, until?.getTime() ?? Infinity);
    for await (const found of search.all({ from: Math.floor(from), to: Math.ceil(to) })) {
      const logs = found.filter((log) => seen.isNew(log));
      const newest = logs.length > 0 ? logs[logs.length - 1].time / 1000 : undefined;
      await emit({
        kind: "logs",
        logs,
        end: false,
        ...(newest !== undefined && { behindMs: Math.max(0, Math.round(client.now - newest)) }),
      });
    }
    await emit({ kind: "logs", logs: [], end: true });
    if (!follow || (until && now > until.getTime() + LOOK_BACK_MS)) return;
    from = Math.max(from, now - LOOK_BACK_MS);
    seen.forgetBefore(from);
    await wait(Math.max(MIN_PAUSE_MS, pace.intervalMs - (performance.now() - started)), undefined, { signal });
    pace.faster();
  }
}

function startOf(from: PullWork["read"]["from"], now: number): number {
  if (from === "end") return now;
  if (from === "begin") return 0;
  if (from instanceof Date) return from.getTime();
  throw new ReadError(
    "request",
    "InvalidParameter",
    "a search must begin at a time, got offsets, which only pulling knows",
  );
}

/** The logs that were found before. */
class Seen {
  readonly #times = new Map<string, number>();

  /** Whether a log is found for the first time; one without an id always is. */
  isNew({ id, time }: ReadLog): boolean {
    if (id === undefined) return true;
    if (this.#times.has(id)) return false;
    this.#times.set(id, time / 1000);
    return true;
  }

  /** @param time milliseconds since 1970 */
  forgetBefore(time: number): void {
    for (const [id, found] of this.#times) if (found < time) this.#times.delete(id);
  }
}
