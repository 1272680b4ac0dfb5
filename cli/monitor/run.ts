import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Source as ConsumedSource, type SourceState } from "../../functions/consume";
import { CosStore } from "../../functions/monitor/cos-store";
import { FolderStore } from "../../functions/monitor/folder-store";
import { WebhookSender } from "../../functions/monitor/receivers/sender";
import {
  type Alert,
  type AlertOutcome,
  type AlertSender,
  MemoryStore,
  type MonitorFile,
  type StateStore,
  textOf,
  Tracker,
} from "../../monitor";
import type { Console } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { UsageError, UserError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import { type MemberTopics, openMember, READING_FLAGS, READING_USAGE, readingOf } from "../operate/members";
import { Operated } from "../operate/process";
import { runSources } from "../operate/run-sources";
import { listeningOf, OPERATE_FLAGS } from "../operate/server";
import { untilTold } from "../operate/until-told";
import { fileOf } from "./check";
import { loadDefinition, requireIds } from "./definition-file";
import { Notices } from "./notices";
import { type FirstStarts, requireOwnGroup, wordsOfShared } from "./own-group";
import { Watching } from "./watching";

const USAGE = `Usage: tencent-logs monitor run FILE [FLAGS]

Watches the sources of a definition that have form: pull, in all of their regions, and sends alerts. Processes that run
the same definition share the partitions, and report the first match of a group only once.

  --dry-run               prints alerts instead of sending them; reads with a separate group, NAME-dry-run
${READING_USAGE}
  --quarantine FOLDER     stores alerts that a receiver does not accept there, instead of in the state; for state: memory
  --listen HOST:PORT      address of /live, /ready and /metrics, or off (default: a free port of 127.0.0.1)

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN; the addresses of receivers
from the variables that the definition names. On SIGTERM, it finishes its current work, commits its position and leaves the
group, within 10 s. Exits with 1 if a source cannot continue.

Examples:
  tencent-logs monitor run monitors.yaml
  tencent-logs monitor run errors.json                            # of a LogMonitor: terraform output -raw definition > errors.json
  tencent-logs monitor run monitors.yaml --dry-run --from 1h      # the alerts for the last hour
  tencent-logs monitor run monitors.yaml --listen 0.0.0.0:9090    # in a container, for Prometheus and probes
`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  "dry-run": { type: "boolean", default: false },
  ...READING_FLAGS,
  ...OPERATE_FLAGS,
  quarantine: { type: "string" },
} as const;

/** Milliseconds between two sweeps, the same as between two invocations of the timer function. */
const SWEEP_MS = 60_000;

/** Milliseconds for leaving the groups; requests to receivers in progress have three more seconds. */
const GRACE_MS = 3_500;

/** `tencent-logs monitor run`. Returns the exit status. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  const path = fileOf(positionals);
  const file = loadDefinition(path, (text) => void console.stderr.write(`${text}\n`));
  requireIds(file, ({ form }) => form === "pull");
  const places = placesOf(file);
  readUserCredentials();
  const credentials = () => readUserCredentials();
  const isDry = values["dry-run"];
  const group = `monitor-${basename(path)
    .replace(/\..*$/, "")
    .replace(/[^A-Za-z0-9-]/g, "-")}`;
  // A dry run must not move the position of real processes.
  const named = values.group ?? group;
  const reading = readingOf({ ...values, group: isDry ? `${named}-dry-run` : named }, group, credentials);
  const listening = listeningOf(values.listen);

  const sources: ConsumedSource[] = [];
  const operated = new Operated(console, () => sources.map((source) => source.state()));
  const store = await openStore(file, isDry, credentials);
  const isAsked = values.group === undefined && reading.brokers.length === 0 && store instanceof CosStore;
  const firsts = isAsked ? await requireOwnGroup(places, reading.group, store, credentials) : new Set<string>();
  const keeping = values.quarantine === undefined ? store : new FolderStore(values.quarantine);
  const sender = isDry ? new PrintingSender(file, console) : openSender(file, keeping, operated, credentials);
  const instance = randomUUID();
  const say = (text: string): void => operated.say(text);
  // A waiting early sweep does not keep the process from exiting.
  const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false });
  const tracker = new Tracker({ file, store, sender, instance, pause });
  const watching = new Watching({ file, tracker, gauges: operated.gauges, say });
  const notices = new Notices({ file, sender, store, instance, say });
  const stopListening = await operated.listen(listening);
  try {
    return await untilTold(async (signal) => {
      const minutes = new Minutes(tracker, sender, operated, sources);
      try {
        await runSources(signal, (leaving) => {
          const surroundings = { watching, notices, operated, firsts, signal: leaving };
          sources.push(...places.map((place) => sourceOf(place, reading, surroundings)));
          return sources;
        });
        return 0;
      } finally {
        await minutes.close();
      }
    });
  } finally {
    if (sender instanceof WebhookSender) await sender.close();
    if (store instanceof CosStore) store.close();
    stopListening();
    operated.close();
  }
}

/** The topics to pull, by region and logset: each is a separate group. */
function placesOf({ sources }: MonitorFile): MemberTopics[] {
  const places = new Map<string, MemberTopics>();
  for (const [name, { form, topic, region, logset, query }] of Object.entries(sources)) {
    if (form !== "pull") continue;
    if (logset === undefined) throw new UsageError(`sources.${name}.logset must be a logset's id, got nothing; consumer groups belong to a logset`); // prettier-ignore
    const key = `${region} ${logset}`;
    const topics = [...(places.get(key)?.topics ?? []), { name, topicId: topic, region, query }];
    places.set(key, { region, logsetId: logset, topics });
  }
  if (places.size > 0) return [...places.values()];
  throw new UsageError(
    "FILE must have a source with form: pull, got none; those with form: push are watched by a function",
  );
}

async function openStore(
  { state }: MonitorFile,
  isDry: boolean,
  credentials: () => ReturnType<typeof readUserCredentials>,
): Promise<CosStore | MemoryStore> {
  if (isDry || state.type === "memory") return new MemoryStore();
  const store = new CosStore({ ...state, credentials });
  try {
    await store.check();
    return store;
  } catch (error) {
    if ((error as Error).name !== "VersionedBucketError") throw error;
    store.close();
    throw new UserError((error as Error).message);
  }
}

function openSender(
  file: MonitorFile,
  store: StateStore,
  operated: Operated,
  credentials: () => ReturnType<typeof readUserCredentials>,
): WebhookSender {
  const { gauges } = operated;
  return new WebhookSender({
    file,
    quarantine: { store, prefix: "quarantine/alerts/" },
    credentials,
    tell: (text) => operated.say(text),
    onOutcome: ({ monitor, kind }, { receiver, outcome, code, ms }) => {
      gauges.count("alerts_total", { monitor, kind, receiver, outcome, ...(code !== undefined && { code }) });
      gauges.count("alert_milliseconds_total", { receiver }, ms);
    },
  });
}

interface Surroundings {
  readonly watching: Watching;
  readonly notices: Notices;
  readonly operated: Operated;
  readonly firsts: FirstStarts;
  readonly signal: AbortSignal;
}

function sourceOf(
  place: MemberTopics,
  reading: ReturnType<typeof readingOf>,
  { firsts, watching, notices, operated, signal }: Surroundings,
): ConsumedSource {
  const what = place.topics.map(({ name }) => name).join(", ");
  const known = new Map<string, number>();
  const listen = notices.listener(place.topics);
  return new ConsumedSource({
    open: () =>
      openMember(
        place,
        reading,
        async (event) => {
          operated.note(event, what);
          listen(event);
          const shared = event.kind === "joined" && wordsOfShared(firsts, place, event);
          if (shared) operated.say(shared);
          if (event.kind === "lost") await notices.lost(event.topic, event.partition, event.offset, event.hole);
        },
        known,
      ),
    handle: (batch) => watching.take(batch),
    tell: (event) => {
      operated.note(event, what);
      listen(event);
    },
    signal,
    graceMs: GRACE_MS,
  });
}

/** Work of each minute: sends quarantined alerts, sums counts, and sends the heartbeat. */
class Minutes {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly tracker: Tracker,
    private readonly sender: AlertSender,
    private readonly operated: Operated,
    private readonly sources: readonly ConsumedSource[],
  ) {
    const pass = (): void => void (this.#running = this.#running.then(() => this.#pass()));
    // Also immediately: alerts that an earlier process could not send are waiting.
    pass();
    this.#timer = setInterval(pass, SWEEP_MS);
  }

  /** Resolves when the current work is complete, or has timed out. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.tracker.leave();
    await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  }

  async #pass(): Promise<void> {
    const { sender, tracker, operated, sources } = this;
    try {
      if (sender instanceof WebhookSender) await sender.drain();
      const { left, failed } = await tracker.sweep();
      if (left + failed > 0) operated.say(`sweep: ${left} counts and ${failed} alerts are left for the next one`);
    } catch (error) {
      operated.say(`sweep: ${(error as Error).message}; the next one continues`);
    }
    const areRead = sources.length > 0 && sources.every((source) => isRead(source.state()));
    if (sender instanceof WebhookSender) await sender.beat(areRead);
  }
}

/** Whether all topics of a source are being read. */
function isRead({ member }: SourceState): boolean {
  return member?.isJoined === true && member.absent.length === 0;
}

/** Prints alerts instead of sending them. */
class PrintingSender implements AlertSender {
  constructor(
    private readonly file: MonitorFile,
    private readonly console: Console,
  ) {}

  send(alert: Alert): Promise<readonly AlertOutcome[]> {
    this.console.stdout.write(`${textOf(alert, { file: this.file, now: Date.now() })}\n\n`);
    return Promise.resolve([{ receiver: "stdout", outcome: "taken", ms: 0, attempts: 1 }]);
  }
}
