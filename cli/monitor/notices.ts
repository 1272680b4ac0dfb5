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

/** What notices are told with. */
export interface NoticesOptions {
  readonly file: MonitorFile;
  readonly sender: AlertSender;
  /** Shared by all processes: what one has told, no other tells. */
  readonly store: StateStore;
  /** Name of this process, unlike that of any other, and of any before. */
  readonly instance: string;
  /** Tells whoever operates this. */
  readonly say: (text: string) => void;
  /** Milliseconds for which a source may be away before people hear of it. @default 60000 */
  readonly awayMs?: number;
  /** Milliseconds after which what another process has begun to tell, and not ended, is told in its place. @default 45000 */
  readonly takeOverMs?: number;
}

/** Who tells of something, and whether it is told. */
interface Claim {
  readonly by: string;
  readonly at: number;
  readonly isTold: boolean;
}

const AWAY_MS = 60_000;

/** More than an alert takes until it is sent or kept. */
const TAKE_OVER_MS = 45_000;

/** Milliseconds between two looks at whether another process has told. */
const LOOK_MS = 500;

/** What people hear of sources themselves: of what nobody can look at. */
export class Notices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /**
   * People hear of records that nobody reads any more, by this process or another. Resolves when they did: only then may the
   * position move. Throws where the alert could neither be sent nor kept.
   */
  async lost(topic: ConsumedTopic, partition: number, offset: number, hole: number): Promise<void> {
    const words = `the records at the ${hole} offsets from ${offset} on in partition ${partition} were deleted before they were read`;
    const of = `${partition}/${offset}`;
    while (!(await this.#tell(refOf(topic), "lost", of, words))) {
      await wait(LOOK_MS, undefined, { ref: false });
    }
  }

  /** People hear of sources that cannot be read: once an hour, of whichever process. Never rejects. */
  async unreadable(topics: readonly ConsumedTopic[], reason: string): Promise<void> {
    const hour = new Date().toISOString().slice(0, 13);
    for (const topic of topics) {
      await this.#tell(refOf(topic), "unreadable", hour, reason).catch((error: Error) =>
        this.#options.say(error.message),
      );
    }
  }

  /**
   * Hears what happens to sources, and tells of those that fail, and of those that do not answer for long. Nobody waits for
   * it: they are tried again meanwhile.
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

  /** Resolves to whether it is told, by whichever process. */
  async #tell(source: SourceRef, kind: "lost" | "unreadable", of: string, words: string): Promise<boolean> {
    const { file, sender, store, instance, say } = this.#options;
    const key = `told/${kind}/${source.name}/${of.replace(/\//g, "-")}`;
    const claim: Claim = { by: instance, at: Date.now(), isTold: false };
    // Where the state is away, everybody tells.
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

  /** Whether it is told by nobody so far, or maybe; undefined where another process tells it, or has. */
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

/** A source as alerts name it. */
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
