import { setTimeout as wait } from "node:timers/promises";
import type { ConsumedTopic, MemberEvent, SourceEvent } from "../../functions/consume";
import { objectIn } from "../../functions/runtime/checked-json";
import {
  type Alert,
  type AlertSender,
  type MonitorFile,
  redacted,
  type SourceRef,
  type StateStore,
} from "../../monitor";

/** Options for notices. */
export interface NoticesOptions {
  readonly file: MonitorFile;
  readonly sender: AlertSender;
  /** Shared by all processes, so that each notice is sent only once. */
  readonly store: StateStore;
  /** Name of this process, unique among all current and earlier ones. */
  readonly instance: string;
  /** Writes to the operator. */
  readonly say: (text: string) => void;
  /** Milliseconds that a source can be unavailable before people are notified. @default 60000 */
  readonly awayMs?: number;
  /**
   * Milliseconds after which this process sends a notice that another one has started and not completed.
   * @default 45000
   */
  readonly takeOverMs?: number;
}

/** Which process sends a notice, and whether it is sent. */
interface Claim {
  readonly by: string;
  readonly at: number;
  readonly isTold: boolean;
}

const AWAY_MS = 60_000;

/** Longer than an alert takes until it is sent or quarantined. */
const TAKE_OVER_MS = 45_000;

/** Milliseconds between two checks whether another process has sent the notice. */
const LOOK_MS = 500;

/** Notifies people about problems of the sources themselves. */
export class Notices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /**
   * Notifies people of records that can no longer be read, by this process or another. Resolves when that is done: only
   * then is the position allowed to move. Throws if the alert could be neither sent nor quarantined.
   */
  async lost(topic: ConsumedTopic, partition: number, offset: number, hole: number): Promise<void> {
    const words = `the records at the ${hole} offsets from ${offset} on in partition ${partition} were deleted before they were read`;
    const of = `${partition}/${offset}`;
    while (!(await this.#tell(refOf(topic), "lost", of, words))) {
      await wait(LOOK_MS, undefined, { ref: false });
    }
  }

  /** Notifies people of sources that cannot be read: once an hour, by any one process. Never rejects. */
  async unreadable(topics: readonly ConsumedTopic[], reason: string): Promise<void> {
    const hour = new Date().toISOString().slice(0, 13);
    for (const topic of topics) {
      await this.#tell(refOf(topic), "unreadable", hour, reason).catch((error: Error) =>
        this.#options.say(error.message),
      );
    }
  }

  /**
   * Handles events of sources, and notifies people of those that fail, or do not answer for a long time. It does not
   * wait for that: they are retried meanwhile.
   */
  listener(topics: readonly ConsumedTopic[]): (event: MemberEvent | SourceEvent) => void {
    const { awayMs = AWAY_MS } = this.#options;
    let away: NodeJS.Timeout | undefined;
    return (event) => {
      if (event.kind === "absent") void this.unreadable([event.topic], event.reason);
      else if (event.kind === "disconnected") {
        const reason = `it has not responded for ${Math.round(awayMs / 1000)} s or more: ${event.code}: ${event.message}`;
        away ??= setInterval(() => void this.unreadable(topics, reason), awayMs).unref();
      } else if (event.kind === "reconnected" || event.kind === "failed") {
        clearInterval(away);
        away = undefined;
      }
      if (event.kind === "failed") {
        void this.unreadable(topics, event.error instanceof Error ? event.error.message : String(event.error));
      }
    };
  }

  /** Resolves to whether people were notified, by any process. */
  async #tell(source: SourceRef, kind: "lost" | "unreadable", of: string, words: string): Promise<boolean> {
    const { file, sender, store, instance, say } = this.#options;
    const key = `told/${kind}/${source.name}/${of.replace(/\//g, "-")}`;
    const claim: Claim = { by: instance, at: Date.now(), isTold: false };
    // If the state is unavailable, all processes notify.
    const isFirst = await this.#claims(key, claim).catch(() => false);
    if (isFirst === undefined) return this.#isTold(key);
    const alerts = file.monitors
      .filter(({ sources }) => sources.includes(source.name))
      .map((monitor) => redacted(alertOf(monitor, { file, source, kind, of, words, isFirst }), monitor.sample.redact));
    const outcomes = (await Promise.all(alerts.map((alert) => sender.send(alert)))).flat();
    const failed = outcomes.filter(({ outcome }) => outcome === "failed").map(({ receiver }) => receiver);
    if (failed.length > 0) {
      throw new Error(
        `${kind} ${source.name}: ${words}: the alert was not accepted by ${[...new Set(failed)].join(", ")}`,
      );
    }
    const told = { ...claim, isTold: true };
    await store.put(key, JSON.stringify(told)).catch((error: unknown) => say(`state: ${(error as Error).message}`));
    return true;
  }

  /**
   * True if this process should send the notice, possibly again; undefined if another process is sending it, or has
   * sent it.
   */
  async #claims(key: string, claim: Claim): Promise<boolean | undefined> {
    const { store, takeOverMs = TAKE_OVER_MS } = this.#options;
    if ((await store.create(key, JSON.stringify(claim))) === "created") return true;
    const found = claimIn(await store.get(key));
    if (found && (found.isTold || (found.by !== claim.by && claim.at - found.at < takeOverMs))) return undefined;
    await store.put(key, JSON.stringify(claim));
    return false;
  }

  async #isTold(key: string): Promise<boolean> {
    const text = await this.#options.store.get(key).catch(() => undefined);
    return claimIn(text)?.isTold ?? false;
  }
}

/** A source in the form that alerts use. */
export function refOf({ name, topicId, region }: ConsumedTopic): SourceRef {
  return { name, topic: topicId, region };
}

function claimIn(text: string | undefined): Claim | undefined {
  return text === undefined ? undefined : (objectIn(text) as Claim | undefined);
}

interface Noticed {
  readonly file: MonitorFile;
  readonly source: SourceRef;
  readonly kind: "lost" | "unreadable";
  readonly of: string;
  readonly words: string;
  readonly isFirst: boolean;
}

function alertOf(
  { name, labels, severity, windowMs }: MonitorFile["monitors"][number],
  { file, source, kind, of, words, isFirst }: Noticed,
): Alert {
  const now = Date.now();
  return {
    id: `${name}/${source.name}/${kind}/${of}`,
    kind,
    monitor: name,
    severity,
    labels: { ...labels, ...file.sources[source.name]?.labels, source: source.name, region: source.region },
    group: [],
    isOthers: false,
    source,
    count: 0,
    regions: [source.region],
    firstAt: now,
    lastAt: now,
    arrivedAt: now,
    windowMs,
    words,
    marks: isFirst ? [] : ["again"],
  };
}
