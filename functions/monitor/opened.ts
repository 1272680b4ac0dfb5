import { BatchMatcher, type BatchOutcome, type SourceRef, Tracker } from "../../monitor";
import type { ClsEvent } from "../events/cls-event";
import { failureOf } from "../invocation/failure";
import { logError } from "../runtime/log";
import { untilAborted } from "../runtime/until-aborted";
import type { MonitorPlaces } from "../settings";
import { builtin } from "../tencent/builtin";
import { BatchSearch } from "./batch-search";
import { CosStore } from "./cos-store";
import { loadDefinition } from "./definition";
import { deliveredBatch } from "./delivered-batch";
import { WebhookSender } from "./receivers/sender";
import { compileBeside } from "./rules-beside";

/** A monitor got a delivery of a topic that is not one of its sources. */
export class UnknownSourceError extends Error {
  override readonly name = "UnknownSourceError";
  readonly code = "LOGS_MONITOR";
}

/** A source, and the search for what its monitors need. */
interface DeliveredSource {
  readonly source: SourceRef;
  readonly search: BatchSearch;
}

/** The matches of a delivery. */
export interface Matched extends BatchOutcome {
  readonly source: SourceRef;
  readonly records: number;
}

/** Result of a monitor for a delivery, as in summaries. */
export interface MatchReport {
  /** Number of records that matched, in all groups of all monitors. */
  readonly matches: number;
  readonly groups: number;
  /** Number of records on which a rule text failed, by monitor: it is unknown whether they match. */
  readonly failed?: Readonly<Record<string, number>>;
}

/**
 * The monitors of a definition in a function. An instance keeps one for all its invocations, with the alerts it has sent
 * and its rate limits.
 */
export class OpenedMonitor {
  readonly tracker: Tracker;
  readonly sender: WebhookSender;
  readonly #matcher: BatchMatcher;
  /** The sources that are delivered here, by topic. */
  readonly #sources: ReadonlyMap<string, DeliveredSource>;

  /** @param file name of the definition beside the handler */
  constructor(places: MonitorPlaces, file: string) {
    const { network, records, sources, state } = places;
    const definition = loadDefinition(places, file);
    const store = new CosStore({ ...state, network });
    const quarantine = { store, prefix: ALERTS };
    this.sender = new WebhookSender({ file: definition, quarantine, recordsNetwork: records?.network });
    const instance = builtin("node:crypto").randomUUID();
    this.tracker = new Tracker({ file: definition, store, sender: this.sender, instance });
    const matcher = (this.#matcher = new BatchMatcher(definition, compileBeside));
    const delivered = sources.flatMap(({ name, region, topicId }): [string, DeliveredSource][] => {
      if (topicId === undefined) return [];
      const search = new BatchSearch(matcher.needsOf(name), { level: "strings" });
      return [[topicId, { source: { name, region, topic: topicId }, search }]];
    });
    this.#sources = new Map(delivered);
  }

  /** Finds the matches of a delivery. @param arrivedAt milliseconds since the epoch @throws UnknownSourceError */
  async match(read: ClsEvent, arrivedAt: number): Promise<Matched> {
    const delivered = this.#sources.get(read.topicId);
    if (!delivered) {
      throw new UnknownSourceError(
        `topic must be one of the settings' sources, ${[...this.#sources.keys()].join(", ")}, got ${read.topicId}; ` +
          `take away the delivery that the construct did not make`,
      );
    }
    const { search, source } = delivered;
    await this.#matcher.refresh();
    const { records, mayMatch } = await deliveredBatch(read.logs, read.topicId, search);
    // A batch without matches has no position.
    const position = mayMatch?.every((list) => list?.length === 0) ? "" : read.hash;
    const outcome = this.#matcher.match({ source, position, arrivedAt, records, mayMatch });
    return { ...outcome, source, records: records.length };
  }

  /** Resolves when alerts are sent or kept, and everything is counted. */
  async tell({ failed, matches, source }: Matched, signal: AbortSignal): Promise<MatchReport> {
    const { tracker } = this;
    await untilAborted(tracker.take(matches), signal);
    await untilAborted(tracker.seen(source, matches.arrivedAt), signal).catch((error: unknown) =>
      logError(`that source ${source.name} was read cannot be noted: ${failureOf(error).message}`),
    );
    if (Date.now() - matches.arrivedAt < HURRY_MS) {
      // The counts are safe: without an early sweep they are only summed later.
      await untilAborted(tracker.hurry(), signal).catch((error: unknown) =>
        logError(`what was counted of ${source.name} cannot be summed early: ${failureOf(error).message}`),
      );
    }
    const found = matches.groups.reduce((sum, { count }) => sum + count, 0);
    return { matches: found, groups: matches.groups.length, ...(Object.keys(failed).length > 0 && { failed }) };
  }
}

/**
 * An early sweep, which can send alerts as well, only follows if sending took no longer than this. A sweep that the end of
 * the function's time cuts off blocks all others for two minutes.
 */
const HURRY_MS = 5_000;

/** Folder below the state's prefix for alerts that could not be sent. */
const ALERTS = "quarantine/alerts/";
