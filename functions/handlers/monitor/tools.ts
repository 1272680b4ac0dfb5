import { randomUUID } from "node:crypto";
import { BatchMatcher, type SourceRef, Tracker } from "../../../monitor";
import { BatchSearch } from "../../monitor/batch-search";
import { CosStore } from "../../monitor/cos-store";
import { WebhookSender } from "../../monitor/receivers/sender";
import type { MonitorSettings } from "../../settings";
import { CosClient } from "../../tencent/cos-client";
import { loadDefinition } from "./definition";
import { compileBeside } from "./rules";

/** What an instance keeps for all its invocations: what it has told, and how fast it may tell more. */
export interface MonitorTools {
  readonly matcher: BatchMatcher;
  readonly tracker: Tracker;
  readonly sender: WebhookSender;
  /** The sources that are delivered here, by their topics. */
  readonly sources: ReadonlyMap<string, DeliveredSource>;
  readonly cos: CosClient;
  /** Where events lie that could not be handled. */
  readonly quarantine: { readonly bucket: string; readonly region: string; readonly prefix: string };
}

/** A source, and the search for what its monitors need. */
export interface DeliveredSource {
  readonly source: SourceRef;
  readonly search: BatchSearch;
}

/** Opens what the settings and the definition beside the handler say. */
export function openTools(settings: MonitorSettings): MonitorTools {
  const { network, sources, state } = settings;
  const file = loadDefinition(settings);
  const store = new CosStore({ ...state, network });
  const sender = new WebhookSender({ file, quarantine: { store, prefix: ALERTS } });
  const matcher = new BatchMatcher(file, compileBeside);
  const delivered = sources.map(({ name, region, topicId }): [string, DeliveredSource] => {
    const search = new BatchSearch(matcher.needsOf(name), { level: "strings" });
    return [topicId, { source: { name, region, topic: topicId }, search }];
  });
  return {
    matcher,
    tracker: new Tracker({ file, store, sender, instance: randomUUID() }),
    sender,
    sources: new Map(delivered),
    cos: new CosClient({ network }),
    quarantine: { ...state, prefix: `${state.prefix}${EVENTS}` },
  };
}

/** Where, below the state's prefix, alerts and events wait that could not be handled. */
const ALERTS = "quarantine/alerts/";
const EVENTS = "quarantine/events/";
