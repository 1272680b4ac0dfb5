import { setTimeout as wait } from "node:timers/promises";
import type { Credentials } from "../../functions/tencent/credentials";
import { type ReadBatch, ReadError, type ReadNotice } from "../../functions/tencent/topic-reader";
import type { Moment, TailArguments } from "./arguments";
import { type Discovered, Discovery } from "./discovery";
import type { LaneName, TailEvent } from "./events";
import type { FoundFunction } from "./functions";
import { isSame, lanesOf, topicKey, topicsOf } from "./function-topics";
import { Lane, type LaneTopic } from "./lane";
import { Merge } from "./merge";
import { Intake } from "./intake";
import { eventOfNotice } from "./notices";
import { regionsOf, type Wanted } from "./names";
import { TailError, tailErrorOf } from "./tail-error";
import { notWatched, Watches } from "./watches";

/** Milliseconds between two looks at the functions' configurations: what is made anew is followed. */
const LOOK_MS = 10_000;

/** Milliseconds between two looks at what is due. */
const PUMP_MS = 20;

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
  readonly #intake: Intake;
  #found: ReadonlyMap<string, FoundFunction> = new Map();
  readonly #lanes = new Map<string, Running>();
  readonly #dead = new Map<string, ReadError>();
  readonly #watches = new Watches();
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
    const isWanted = args.topics.length > 0 ? undefined : (key: string) => this.#found.has(key);
    this.#intake = new Intake(this.#merge, isWanted, (problem) => this.#tellOnce("record", "LIVE_RECORD", problem));
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
      for (const topicId of args.topics)
        for (const region of regionsOf(args)) this.#read({ lane: "slow", region, topicId });
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
      this.#watches.end(key);
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
    if (!this.#options.args.follow) return;
    const { credentials } = this.#options;
    const { aheadMs } = this.#discovery;
    const failed = (error: TailError): void => this.#tellError(...notWatched(one, error));
    const work = this.#watches.begin(key, one, { credentials, aheadMs, failed });
    if (work) this.#run(work);
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
    const { since, until } = this.#options.args;
    const range = [since ? this.#at(since) * 1000 : 0, until ? this.#at(until) * 1000 : Infinity] as const;
    this.#intake.take(topic, batch, range, this.#now);
    this.#gathered += batch.logs.length;
    this.#pump();
    await this.#options.ready();
  }

  #notice(running: Running, notice: ReadNotice): void {
    if (notice.notice === "disconnected" || notice.notice === "reconnected") {
      running.isSilent = notice.notice === "disconnected";
    }
    const event = eventOfNotice(notice, running.lane.what, this.#now * 1000);
    if (event) this.#tell(event);
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
    this.#watches.endAll();
    for (const { lane } of this.#lanes.values()) lane.end();
  }
}
