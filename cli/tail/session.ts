import { setTimeout as wait } from "node:timers/promises";
import type { Credentials } from "../../functions/tencent/credentials";
import { type ReadBatch, ReadError } from "../../functions/tencent/topic-reader";
import type { Moment, TailArguments } from "./arguments";
import { clsAheadMs, machineNow } from "./clock";
import { type Discovered, Discovery } from "./discovery";
import type { LaneName, TailEvent } from "./events";
import type { FoundFunction } from "./functions";
import { isSame, lanesOf, topicKey, topicsOf } from "./function-topics";
import { Intake } from "./intake";
import type { LaneTopic } from "./lane";
import { Lanes, SILENCE_MS } from "./lanes";
import { Merge } from "./merge";
import { errorEvent } from "./notices";
import { regionsOf, type Wanted } from "./names";
import { TailError, tailErrorOf } from "./tail-error";
import { notWatched, Watches } from "./watches";

/** Milliseconds between two look-ups of the functions' configurations, to follow functions that are created again. */
const LOOK_MS = 10_000;

/** Milliseconds between two checks for due events. */
const PUMP_MS = 20;

/** Milliseconds of difference from which this machine's clock counts as wrong, so that the cloud's is used. */
const CLOCK_MS = 5_000;

/** Maximum logs, and milliseconds, that are collected for ordering while older logs are still being read. */
const GATHERED = 20_000;
const GATHERED_MS = 2_000;

/** Options of a tail. */
export interface SessionOptions {
  readonly args: TailArguments;
  readonly wanted: readonly Wanted[];
  readonly credentials: () => Credentials;
  /** Receives events. */
  readonly tell: (event: TailEvent) => void;
  /** Receives the functions of each look-up, and the start of the requested time, in milliseconds since the epoch. */
  readonly found?: (functions: readonly FoundFunction[], from: number) => void;
  /** Resolves when more events can be passed. */
  readonly ready: () => Promise<void>;
  /** Ends the tail. */
  readonly signal: AbortSignal;
}

/** One tail: finds its functions, reads both lanes of each, sets their flags, and reports what it sees. */
export class TailSession {
  readonly #options: SessionOptions;
  readonly #discovery: Discovery;
  readonly #merge: Merge;
  readonly #intake: Intake;
  /** Time of the last successful look-up in milliseconds: functions that are found later did not exist then. */
  #lookedAt: number | undefined;
  #found: ReadonlyMap<string, FoundFunction> = new Map();
  readonly #lanes: Lanes;
  readonly #watches = new Watches();
  readonly #work = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #toldOnce = new Set<string>();
  #failure: { readonly error: unknown } | undefined;
  /**
   * Milliseconds by which the cloud's clock is ahead of this machine's, if there is no function look-up that determines
   * it.
   */
  #topicsAheadMs: number | undefined;
  #gathered = 0;
  #pumpedAt = 0;

  constructor(options: SessionOptions) {
    const { args, wanted, credentials } = options;
    this.#options = options;
    this.#discovery = new Discovery(wanted, { credentials, version: args.version, signal: this.#ending.signal });
    this.#lanes = new Lanes({
      batch: (topic, batch) => this.#take(topic, batch),
      tell: (event) => this.#tell(event),
      now: () => this.#now,
    });
    this.#merge = new Merge(args.windowMs);
    const asked = args.topics.length > 0 ? undefined : wanted;
    this.#intake = new Intake(this.#merge, asked, (problem) => this.#tellOnce("record", "LIVE_RECORD", problem));
  }

  /** Resolves at the end of the requested time. @throws TailError for an error that the user can fix */
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
        this.#lanes.noticeSilence();
      }
      this.#end();
      await looks;
      if (this.#failure && !signal.aborted) throw this.#failure.error;
    } catch (error) {
      // Work in progress fails when the tail is ended.
      if (!signal.aborted) throw error;
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
    const aheadMs = this.#aheadMs ?? 0;
    return machineNow() + (Math.abs(aheadMs) > CLOCK_MS ? aheadMs : 0);
  }

  /** Milliseconds by which it is ahead of this machine's, if known. */
  get #aheadMs(): number | undefined {
    return this.#discovery.aheadMs ?? this.#topicsAheadMs;
  }

  async #begin(): Promise<void> {
    const { args, credentials } = this.#options;
    if (args.topics.length > 0) {
      const [[topicId], [region]] = [args.topics, regionsOf(args)];
      const asked = clsAheadMs({ topicId, region }, credentials, this.#ending.signal);
      this.#topicsAheadMs = await this.#answer(asked, `the topic ${topicId}`);
      this.#checkClock();
      for (const topicId of args.topics)
        for (const region of regionsOf(args)) this.#read({ lane: "slow", region, topicId });
      return;
    }
    const discovered = await this.#answer(this.#discovery.look(), "the functions' configuration");
    if (discovered.found.size === 0) throw await this.#discovery.nothingFound(discovered);
    for (const { name, region, namespace } of discovered.missing) {
      this.#tellError(
        "UNKNOWN_FUNCTION",
        `${name} is not in namespace ${namespace} of ${region}; ${args.follow ? "waiting for it" : "skipped"}`,
      );
    }
    this.#checkClock();
    this.#follow(discovered);
    this.#lookedAt = this.#now;
    const hasLog = [...this.#found.values()].some((one) => lanesOf(one).length > 0);
    if (hasLog) return;
    const names = [...this.#found.values()].map((one) => one.function).join(", ");
    throw new TailError(
      "NO_LOG",
      `NAME must be a function that has a log, got ${names}, whose log is not sent to a CLS topic; ` +
        "set logTopic on its construct, or liveLog for live lines, and deploy it: docs/live.md",
    );
  }

  /** Waits for the first answers, and reports if there is none for a while. */
  async #answer<T>(answer: Promise<T>, what: string): Promise<T> {
    const tell = (): void =>
      this.#tellError("NO_ANSWER", `no answer for ${what} for ${SILENCE_MS / 1000} s; still waiting`);
    const timer = setTimeout(tell, SILENCE_MS);
    return answer.finally(() => clearTimeout(timer));
  }

  /** Looks up changes periodically until the end. A failed look-up is reported, and repeated. */
  async #lookAgain(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const startedAt = this.#now;
      try {
        this.#follow(await this.#discovery.look());
        this.#lookedAt = startedAt;
        this.#toldOnce.delete("look");
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof TailError)) throw error;
        if (error.code === "KEY" || error.code === "CLOCK") return this.#fail(error);
        this.#tellOnce("look", error.code, error.message);
      }
    }
  }

  /** Switches to what was found. */
  #follow({ found }: Discovered): void {
    const before = this.#found;
    this.#found = found;
    const { since } = this.#options.args;
    this.#options.found?.([...found.values()], since ? this.#at(since) : (this.#lookedAt ?? this.#now));
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
      this.#tellOnce(`gone ${key}`, "FUNCTION_GONE", `${one.function} (${one.region}) was deleted; waiting for it`);
    }
    // If there are none at the moment, functions that are created again can use the same topics.
    if (found.size > 0) this.#lanes.endUnused([...found.values()].flatMap(topicsOf));
  }

  #tellLanes(one: FoundFunction): void {
    const lanes = this.#lanesOf(one);
    this.#merge.setLanes(one, lanes);
    const { region, namespace } = one;
    this.#tell({ type: "tailing", region, namespace, function: one.function, time: this.#now * 1000, lanes });
  }

  /** The lanes of a function that are being read. */
  #lanesOf(one: FoundFunction): LaneName[] {
    return topicsOf(one).flatMap((topic) => (this.#lanes.hasFailed(topic) ? [] : [topic.lane]));
  }

  #watch(key: string, one: FoundFunction): void {
    if (!this.#options.args.follow) return;
    const { credentials } = this.#options;
    const aheadMs = this.#aheadMs;
    const failed = (error: TailError): void => this.#tellError(...notWatched(one, error));
    const work = this.#watches.begin(key, one, { credentials, aheadMs, failed });
    if (work) this.#run(work);
  }

  #read(topic: LaneTopic): void {
    const { args, credentials } = this.#options;
    const { since, until, follow, how } = args;
    const work = this.#lanes.read(topic, (isAgain) => {
      const from = new Date(since && !isAgain ? this.#at(since) : (this.#lookedAt ?? this.#now));
      return { from, until: until && new Date(this.#at(until)), follow, how, credentials };
    });
    if (work) this.#run(work.catch((error: unknown) => this.#laneFailed(topic, error)));
  }

  #at(moment: Moment): number {
    return "at" in moment ? moment.at : this.#now - moment.agoMs;
  }

  #run(work: Promise<void>): void {
    const running = work.catch((error: unknown) => this.#fail(error)).finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  /** Handles an error that ends reading one topic. Others continue, if there are any. */
  #laneFailed(topic: LaneTopic, error: unknown): void {
    if (!(error instanceof ReadError)) throw error;
    const { follow } = this.#options.args;
    const told = tailErrorOf(error, { action: error.action ?? "cls:pullLogs", what: `topic ${topic.topicId}` });
    // A function that is being created again will have another topic soon.
    const mayComeBack = follow && told.code === "UNKNOWN_TOPIC" && this.#found.size > 0;
    const isLast = this.#lanes.size === 0 && !mayComeBack;
    if (isLast || told.code === "KEY" || told.code === "CLOCK") return this.#fail(this.#withRemedy(told));
    this.#tellOnce(`dead ${topicKey(topic)}`, told.code, `${told.message}; still reading the rest`);
    for (const one of this.#found.values()) {
      if (topicsOf(one).some((other) => topicKey(other) === topicKey(topic))) this.#tellLanes(one);
    }
  }

  #withRemedy(error: TailError): TailError {
    if (error.code !== "KEY") return error;
    const since = new Date(this.#now).toISOString();
    return new TailError(error.code, `${error.message}; export new ones and resume with --since ${since}`);
  }

  async #take(topic: LaneTopic, batch: ReadBatch): Promise<void> {
    const { since, until } = this.#options.args;
    const range = [since ? this.#at(since) * 1000 : 0, until ? this.#at(until) * 1000 : Infinity] as const;
    this.#intake.take(topic, batch, range, this.#now);
    this.#gathered += batch.logs.length;
    this.#pump();
    await this.#options.ready();
  }

  #pump(): void {
    const now = this.#now;
    if (this.#lanes.isBehind && this.#gathered < GATHERED && now - this.#pumpedAt < GATHERED_MS) return;
    this.#gathered = 0;
    this.#pumpedAt = now;
    for (const event of this.#merge.take(now, this.#lanes.isFastBehind)) this.#options.tell(event);
  }

  #checkClock(): void {
    const aheadMs = this.#aheadMs ?? 0;
    if (Math.abs(aheadMs) <= CLOCK_MS) return;
    const seconds = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs < 0 ? "ahead of" : "behind"} the cloud's`;
    this.#tellError("CLOCK", `this machine's clock is ${seconds}, whose time is used; set this machine's clock`);
  }

  #tell(event: TailEvent): void {
    this.#options.tell(event);
  }

  #tellError(code: string, message: string): void {
    this.#tell(errorEvent(code, message, this.#now * 1000));
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
    this.#lanes.end();
  }
}
