import { setTimeout as wait } from "node:timers/promises";
import { LiveRecordError, liveRecordOf } from "../../functions/live/record";
import type { Credentials } from "../../functions/tencent/credentials";
import { type ReadBatch, ReadError, type ReadLog, type ReadNotice } from "../../functions/tencent/topic-reader";
import type { Moment, TailArguments } from "./arguments";
import { type Discovered, Discovery, functionKey } from "./discovery";
import type { LaneName, TailEvent } from "./events";
import type { FoundFunction } from "./functions";
import { Lane, type LaneTopic } from "./lane";
import { Merge } from "./merge";
import type { Wanted } from "./names";
import { scfLogOf } from "./scf-log";
import { TailError, tailErrorOf } from "./tail-error";
import { isLiveRecord, topicLineOf } from "./topic-log";
import { keepWatching } from "./watch";

/** Milliseconds between two looks at the functions' configurations: what is made anew is followed. */
const LOOK_MS = 10_000;

/** Milliseconds between two looks at what is due. */
const PUMP_MS = 50;

/** Milliseconds without an answer after which a tail says so. */
const SILENCE_MS = 15_000;

/** Milliseconds from which on this machine's clock counts as wrong, and the cloud's is taken. */
const CLOCK_MS = 5_000;

/** Logs, and milliseconds, that are gathered at most while more of the past waits to be read, to be put in order. */
const GATHERED = 20_000;
const GATHERED_MS = 2_000;

/** What a tail works with. */
export interface SessionOptions {
  readonly args: TailArguments;
  readonly wanted: readonly Wanted[];
  readonly credentials: () => Credentials;
  /** Takes an event. */
  readonly tell: (event: TailEvent) => void;
  /** Resolves when more is welcome. */
  readonly ready: () => Promise<void>;
  /** Ends the tail. */
  readonly signal: AbortSignal;
}

interface Running {
  readonly lane: Lane;
  isSilent: boolean;
}

/** One tail: finds its functions, reads both lanes of each, says that it watches, and tells what it sees. */
export class TailSession {
  readonly #options: SessionOptions;
  readonly #discovery: Discovery;
  readonly #merge: Merge;
  #found: ReadonlyMap<string, FoundFunction> = new Map();
  readonly #lanes = new Map<string, Running>();
  readonly #dead = new Map<string, ReadError>();
  readonly #watches = new Map<string, AbortController>();
  readonly #work = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #toldOnce = new Set<string>();
  #failure: { readonly error: unknown } | undefined;
  #gathered = 0;
  #pumpedAt = 0;

  constructor(options: SessionOptions) {
    const { args, wanted, credentials } = options;
    this.#options = options;
    this.#discovery = new Discovery(wanted, credentials, args.version);
    this.#merge = new Merge(args.windowMs);
  }

  /** Resolves at the end of what is to be seen. @throws TailError what the user can put right */
  async run(): Promise<void> {
    const { signal, args } = this.#options;
    const end = () => this.#end();
    signal.addEventListener("abort", end, { once: true });
    const pump = setInterval(() => this.#pump(), PUMP_MS);
    try {
      await this.#begin();
      const looks = args.follow && args.names.length > 0 ? this.#lookAgain() : Promise.resolve();
      while (this.#lanes.size > 0 && !this.#ending.signal.aborted) {
        await Promise.race([
          wait(200, undefined, { signal: this.#ending.signal }).catch(() => undefined),
          ...this.#work,
        ]);
        this.#noticeSilence();
      }
      this.#end();
      await looks;
      if (this.#failure && !signal.aborted) throw this.#failure.error;
    } finally {
      clearInterval(pump);
      signal.removeEventListener("abort", end);
      this.#end();
      await Promise.allSettled(this.#work);
      this.#discovery.close();
      for (const event of this.#merge.flush(this.#now)) this.#options.tell(event);
    }
  }

  /** The cloud's time in milliseconds. */
  get #now(): number {
    const { aheadMs = 0 } = this.#discovery;
    return Date.now() + (Math.abs(aheadMs) > CLOCK_MS ? aheadMs : 0);
  }

  async #begin(): Promise<void> {
    const { args } = this.#options;
    if (args.topics.length > 0) {
      const regions = args.regions.length > 0 ? args.regions : [process.env.TENCENTCLOUD_REGION ?? ""];
      for (const topicId of args.topics) for (const region of regions) this.#read({ lane: "slow", region, topicId });
      return;
    }
    const discovered = await this.#discovery.look();
    if (discovered.found.size === 0) throw await this.#discovery.nothingFound(discovered);
    for (const { name, region, namespace } of discovered.missing) {
      this.#tellError(
        "UNKNOWN_FUNCTION",
        `${name} is not in namespace ${namespace} of ${region}; the tail waits for it`,
      );
    }
    this.#checkClock();
    this.#follow(discovered);
    const hasLog = [...this.#found.values()].some((one) => lanesOf(one).length > 0);
    if (hasLog) return;
    const names = [...this.#found.values()].map((one) => one.function).join(", ");
    throw new TailError(
      "NO_LOG",
      `NAME must be a function that has a log, got ${names}, whose log goes to no topic of CLS`,
    );
  }

  /** Looks for what has changed, until the end. A look that fails is told, and the next one comes. */
  async #lookAgain(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.#follow(await this.#discovery.look());
        this.#toldOnce.delete("look");
      } catch (error) {
        if (!(error instanceof TailError)) throw error;
        if (error.code === "KEY" || error.code === "CLOCK") return this.#fail(error);
        this.#tellOnce("look", error.code, error.message);
      }
    }
  }

  /** Goes over to what was found. */
  #follow({ found }: Discovered): void {
    const before = this.#found;
    this.#found = found;
    for (const [key, one] of found) {
      const old = before.get(key);
      if (old && isSame(old, one)) continue;
      if (one.liveProblem !== undefined) this.#tellError("LIVE_SETTINGS", `${one.function}: ${one.liveProblem}`);
      this.#toldOnce.delete(`gone ${key}`);
      for (const topic of topicsOf(one)) this.#read(topic);
      this.#watch(key, one);
      this.#tellLanes(one);
    }
    for (const [key, one] of before) {
      if (found.has(key)) continue;
      this.#watches.get(key)?.abort(new Error("the function is gone"));
      this.#watches.delete(key);
      this.#tellOnce(
        `gone ${key}`,
        "FUNCTION_GONE",
        `${one.function} (${one.region}) was deleted; the tail waits for it`,
      );
    }
    this.#endUnused();
  }

  /** Topics that no function has any more; what is on its way to them still comes, for one look. */
  #endUnused(): void {
    if (this.#options.args.topics.length > 0 || this.#found.size === 0) return;
    const used = new Set([...this.#found.values()].flatMap(topicsOf).map(topicKey));
    for (const [key, { lane }] of this.#lanes) {
      if (used.has(key)) lane.isUnused = false;
      else if (lane.isUnused) lane.end();
      else lane.isUnused = true;
    }
  }

  #tellLanes(one: FoundFunction): void {
    const lanes = this.#lanesOf(one);
    this.#merge.setLanes(one, lanes);
    const { region, namespace } = one;
    this.#tell({ type: "tailing", region, namespace, function: one.function, time: this.#now * 1000, lanes });
  }

  /** The lanes of a function that are read. */
  #lanesOf(one: FoundFunction): LaneName[] {
    return topicsOf(one).flatMap((topic) => (this.#dead.has(topicKey(topic)) ? [] : [topic.lane]));
  }

  #watch(key: string, one: FoundFunction): void {
    this.#watches.get(key)?.abort(new Error("its settings have changed"));
    if (!one.live || !this.#options.args.follow) return;
    const ending = new AbortController();
    this.#watches.set(key, ending);
    this.#ending.signal.addEventListener("abort", () => ending.abort(new Error("the tail ends")), { once: true });
    const told = {
      failed: (error: TailError) =>
        this.#tellError(
          error.code === "DENIED" ? "MAY_NOT_WATCH" : error.code,
          `${one.function} does not know that it is watched: ${error.message}; its lines come by SCF's own log alone, unless somebody else watches`,
        ),
      written: () => undefined,
    };
    const { credentials } = this.#options;
    const { aheadMs } = this.#discovery;
    this.#run(keepWatching(one, one.live, { credentials, aheadMs, signal: ending.signal, told }));
  }

  #read(topic: LaneTopic): void {
    const key = topicKey(topic);
    if (this.#lanes.has(key) || this.#dead.get(key)?.failure === "denied") return;
    this.#dead.delete(key);
    const { args, credentials } = this.#options;
    const { since, until, follow, how } = args;
    const from = new Date(since ? this.#at(since) : this.#now);
    const running: Running = { lane: new Lane(topic), isSilent: false };
    this.#lanes.set(key, running);
    const options = { from, until: until && new Date(this.#at(until)), follow, how, credentials };
    const listener = {
      batch: (batch: ReadBatch) => this.#take(topic, batch),
      notice: (notice: ReadNotice) => this.#notice(running, notice),
    };
    const work = running.lane.run(options, listener).catch((error: unknown) => this.#laneFailed(topic, error));
    this.#run(work.finally(() => this.#lanes.delete(key)));
  }

  #at(moment: Moment): number {
    return "at" in moment ? moment.at : this.#now - moment.agoMs;
  }

  #run(work: Promise<void>): void {
    const running = work.catch((error: unknown) => this.#fail(error)).finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  /** What ends the reading of one topic. Others go on, where there are any. */
  #laneFailed(topic: LaneTopic, error: unknown): void {
    if (!(error instanceof ReadError)) throw error;
    const { follow } = this.#options.args;
    this.#dead.set(topicKey(topic), error);
    const told = tailErrorOf(error, { action: error.action ?? "cls:pullLogs", what: `topic ${topic.topicId}` });
    // A function that is being made anew has another topic soon.
    const mayComeBack = follow && told.code === "UNKNOWN_TOPIC" && this.#found.size > 0;
    const isLast = this.#lanes.size === 1 && !mayComeBack;
    if (isLast || told.code === "KEY" || told.code === "CLOCK") return this.#fail(this.#withRemedy(told));
    this.#tellOnce(`dead ${topicKey(topic)}`, told.code, `${told.message}; what else there is goes on`);
    for (const one of this.#found.values()) {
      if (topicsOf(one).some((other) => topicKey(other) === topicKey(topic))) this.#tellLanes(one);
    }
  }

  #withRemedy(error: TailError): TailError {
    if (error.code !== "KEY") return error;
    const since = new Date(this.#now).toISOString();
    return new TailError(error.code, `${error.message}; export new ones and go on with --since ${since}`);
  }

  async #take(topic: LaneTopic, batch: ReadBatch): Promise<void> {
    const { since, until, topics } = this.#options.args;
    const [least, most] = [since ? this.#at(since) * 1000 : 0, until ? this.#at(until) * 1000 : Infinity];
    const now = this.#now;
    batch.logs.forEach((log, index) => {
      if (log.time < least || log.time > most) return;
      const id = log.id ?? `${topic.topicId}/${batch.partition}/${batch.offset ?? "first"}/${index}`;
      if (topics.length > 0) this.#takeAny(topic, log, id, now);
      else if (topic.lane === "fast") this.#takeRecord(topic, log, now);
      else this.#takeLog(topic, log, id, now);
    });
    this.#gathered += batch.logs.length;
    this.#pump();
    await this.#options.ready();
  }

  #takeRecord({ region }: LaneTopic, { contents }: ReadLog, now: number): void {
    try {
      const record = liveRecordOf(contents);
      if (this.#found.has(functionKey({ ...record, region }))) this.#merge.fast(record, region, now);
    } catch (error) {
      if (!(error instanceof LiveRecordError)) throw error;
      this.#tellOnce("record", "LIVE_RECORD", error.message);
    }
  }

  #takeLog({ region }: LaneTopic, log: ReadLog, id: string, now: number): void {
    const scf = scfLogOf(log);
    if (scf && this.#found.has(functionKey({ ...scf, region }))) this.#merge.slow(scf, id, region, now);
  }

  /** A log of a topic that was named: whatever it is. */
  #takeAny({ region, topicId }: LaneTopic, log: ReadLog, id: string, now: number): void {
    const scf = scfLogOf(log);
    const of = { region, namespace: "", function: topicId };
    if (scf) {
      this.#merge.setLanes({ ...scf, region }, ["slow"]);
      this.#merge.slow(scf, id, region, now);
    } else if (isLiveRecord(log)) {
      const record = liveRecordOf(log.contents);
      this.#merge.setLanes({ ...record, region }, ["fast"]);
      this.#merge.fast(record, region, now);
    } else this.#merge.pass(topicId, topicLineOf(log, of, now), now);
  }

  #notice(running: Running, notice: ReadNotice): void {
    const { lane } = running;
    const time = this.#now * 1000;
    switch (notice.notice) {
      case "disconnected":
        running.isSilent = true;
        return this.#tellError(
          "NO_ANSWER",
          `no answer for the ${lane.what}: ${notice.message}; it is asked again until one comes`,
        );
      case "reconnected":
        running.isSilent = false;
        return this.#tell({ type: "reconnected", what: lane.what, time, afterMs: notice.afterMs });
      case "throttled":
        return this.#tellError(
          "THROTTLED",
          `CLS asks for fewer requests (${notice.code}) for the ${lane.what}: lines come later`,
        );
      case "lost":
        return this.#tell({ type: "lost", reason: "position", time, what: lane.what });
      case "searching":
        return this.#tellError("SEARCHING", `the ${lane.what} is searched, and lines come later: ${notice.message}`);
      case "partitions":
        return;
    }
  }

  /** A reading that neither answers nor fails. */
  #noticeSilence(): void {
    for (const running of this.#lanes.values()) {
      const silentMs = Date.now() - running.lane.heardAt;
      if (silentMs < SILENCE_MS || running.isSilent || running.lane.isListening) continue;
      running.isSilent = true;
      this.#tellError(
        "NO_ANSWER",
        `no answer for the ${running.lane.what} for ${Math.round(silentMs / 1000)} s; it is waited for`,
      );
    }
  }

  #pump(): void {
    const isBehind = [...this.#lanes.values()].some(({ lane }) => lane.isBehind);
    const now = this.#now;
    if (isBehind && this.#gathered < GATHERED && now - this.#pumpedAt < GATHERED_MS) return;
    this.#gathered = 0;
    this.#pumpedAt = now;
    const isFastBehind = [...this.#lanes.values()].some(({ lane }) => lane.topic.lane === "fast" && lane.isBehind);
    for (const event of this.#merge.take(now, isFastBehind)) this.#options.tell(event);
  }

  #checkClock(): void {
    const { aheadMs = 0 } = this.#discovery;
    if (Math.abs(aheadMs) <= CLOCK_MS) return;
    const seconds = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs < 0 ? "ahead of" : "behind"} the cloud's`;
    this.#tellError("CLOCK", `this machine's clock is ${seconds}, whose time is taken; set it`);
  }

  #tell(event: TailEvent): void {
    this.#options.tell(event);
  }

  #tellError(code: string, message: string): void {
    this.#tell({ type: "error", code, message, time: this.#now * 1000, fatal: false });
  }

  #tellOnce(what: string, code: string, message: string): void {
    if (this.#toldOnce.has(what)) return;
    this.#toldOnce.add(what);
    this.#tellError(code, message);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end();
  }

  #end(): void {
    this.#ending.abort(new Error("the tail ends"));
    for (const { lane } of this.#lanes.values()) lane.end();
  }
}

function topicKey({ lane, region, topicId }: LaneTopic): string {
  return `${lane}/${region}/${topicId}`;
}

/** The topics of a function, the fast lane's first. */
function topicsOf({ region, topicId, live }: FoundFunction): LaneTopic[] {
  const fast: LaneTopic[] = live ? [{ lane: "fast", region: live.region, topicId: live.topic }] : [];
  return topicId === undefined ? fast : [...fast, { lane: "slow", region, topicId }];
}

function lanesOf(one: FoundFunction): LaneName[] {
  return topicsOf(one).map(({ lane }) => lane);
}

function isSame(a: FoundFunction, b: FoundFunction): boolean {
  return a.id === b.id && a.topicId === b.topicId && JSON.stringify(a.live) === JSON.stringify(b.live);
}
