import type { Monitor } from "../definition/types";
import type { Alert } from "../alert/alert";
import type { BatchMatches, GroupMatches } from "../match/matches";
import { again, groupAlert, labelsOf, LATE_MS } from "./alerts";
import { isQuiet, mutedUntil, wasMuted } from "./calendar";
import { claimGroup, openClaim } from "./claiming";
import { AlertNotSentError, type Context, NotOursError, receiversThatFailed, StateUnreachableError } from "./context";
import { finishedTries } from "./earlier-tries";
import { inParallel } from "./in-parallel";
import type { InstanceMemory } from "./instance-memory";
import type { NearThresholds } from "./near-thresholds";
import { countKey, groupKey, HEAD, markKey, mutedKey } from "./keys";
import { type Claim, type Count, type CountedGroup, type Head, type Mark, type Muted, parse } from "./objects";
import { isCrossed } from "./threshold";

/**
 * Fraction of a window for which an instance assumes that a group is open, after it saw it open when it counted a new
 * match.
 */
const SURE = 0.8;

/** Milliseconds for which the number of open groups from the last sweep is used. */
const HEAD_MS = 30_000;

/** Matches of a batch in one group. */
interface Matched {
  readonly monitor: Monitor;
  readonly key: string;
  readonly matches: GroupMatches;
}

/** A group that may need an alert, and its matches: for "others", several groups of the batch. */
interface Candidate {
  readonly monitor: Monitor;
  readonly key: string;
  readonly isOthers: boolean;
  readonly matches: GroupMatches;
  readonly counted: Readonly<Record<string, number>>;
}

/** What all attempts of an instance share. */
export interface TakingOptions {
  readonly context: Context;
  readonly memory: InstanceMemory;
  readonly near: NearThresholds;
}

/** One attempt to take a batch: docs/design/monitor-state.md#take. */
export class Taking {
  readonly #context: Context;
  readonly #memory: InstanceMemory;
  readonly #near: NearThresholds;
  readonly #batch: BatchMatches;
  readonly #isOurs: () => boolean;
  readonly #matched: readonly Matched[];
  readonly #countKey: string;
  readonly #others = new Set<string>();
  readonly #open = new Map<string, { readonly epoch: number; readonly openedBy: string }>();
  /** Claims of earlier attempts of this batch; whether their alerts were sent is unknown. */
  readonly #claimedBefore: Claim[] = [];
  /**
   * Alerts that are being sent; each resolves to the receivers that failed. An unavailable receiver takes half a
   * minute.
   */
  readonly #sending: Promise<string[]>[] = [];
  #unreachable: { readonly error: unknown } | undefined;

  constructor({ context, memory, near }: TakingOptions, batch: BatchMatches, isOurs: () => boolean) {
    this.#isOurs = isOurs;
    this.#context = context;
    this.#memory = memory;
    this.#near = near;
    this.#batch = batch;
    this.#matched = batch.groups.map((matches) => {
      const monitor = context.monitors.get(matches.monitor);
      if (!monitor)
        throw new Error(`matches must be of a monitor of the definition, got ${JSON.stringify(matches.monitor)}`);
      return { monitor, key: groupKey(monitor.name, matches.group), matches };
    });
    const counts = Object.fromEntries(this.#matched.map(({ key, matches }) => [key, matches.count]));
    this.#countKey = countKey(batch.source.name, batch.position, counts);
  }

  async run(): Promise<void> {
    this.#refuseAnothers();
    const asked = this.#matched.filter((one) => this.#mayHaveToBeTold(one));
    if (asked.length > 0) {
      const handled = await this.#reach(() => this.#handled());
      if (handled === "all") return;
      const candidates = await this.#candidates(asked.filter(({ key }) => !handled?.has(key)));
      await inParallel(candidates, (one) => this.#tell(one));
      await this.#tellAgain();
      const failed = (await Promise.all(this.#sending)).flat();
      if (failed.length > 0) {
        const receivers = [...new Set(failed)].join(", ");
        throw new AlertNotSentError(
          `alerts of a batch must be taken or kept by each receiver, got failures of ${receivers}`,
        );
      }
    }
    await this.#count();
  }

  /** Excludes alerts that are held back, and groups that were open a moment ago. */
  #mayHaveToBeTold({ monitor, key, matches }: Matched): boolean {
    if (this.#isHeldBack(monitor, matches)) return false;
    if (monitor.threshold && !isCrossed(matches.seconds, monitor.threshold)) return false;
    return !this.#isSurelyOpen(monitor, key);
  }

  /** Whether other instances may have counted records that cross the threshold together with this batch. */
  #isBelow(monitor: Monitor, key: string, matches: GroupMatches): boolean {
    if (!monitor.threshold || this.#isHeldBack(monitor, matches)) return false;
    return !isCrossed(matches.seconds, monitor.threshold) && !this.#isSurelyOpen(monitor, key);
  }

  #isHeldBack(monitor: Monitor, { group }: GroupMatches): boolean {
    const now = this.#context.now();
    return isQuiet(monitor, now) || mutedUntil(monitor, group, now) !== undefined;
  }

  #isSurelyOpen({ windowMs }: Monitor, key: string): boolean {
    const known = this.#memory.known(key);
    if (!known || known.openedBy === this.#self) return false;
    const age = this.#context.now() - known.countedAt;
    return age >= 0 && age < SURE * windowMs;
  }

  /**
   * Groups of the batch that an earlier attempt completed. The order matters, because a sweep writes marks before it
   * removes counts.
   */
  async #handled(): Promise<Set<string> | "all"> {
    const { store } = this.#context;
    const { source, position } = this.#batch;
    const [counted] = await Promise.all([store.get(this.#countKey), this.#hearOfOpenGroups()]);
    if (counted !== undefined) return "all";
    const key = markKey(source.name, position);
    const mark = parse<Mark>(key, await store.get(key));
    const isSummed = ({ key, matches }: Matched): boolean => mark?.groups[key] === matches.count;
    if (mark && this.#matched.every(isSummed)) return "all";
    return new Set(Object.keys(mark?.groups ?? {}));
  }

  async #hearOfOpenGroups(): Promise<void> {
    const { store, now } = this.#context;
    if (this.#memory.knowsOpenSince(now() - HEAD_MS)) return;
    const head = parse<Head>(HEAD, await store.get(HEAD));
    this.#memory.learnOpen(head?.number ?? 0, head?.open ?? {}, now());
  }

  /** The groups to claim. Beyond `maxGroups`, all remaining groups of a monitor are one. */
  async #candidates(asked: readonly Matched[]): Promise<Candidate[]> {
    const others = await this.#othersOf(asked);
    const candidates: Candidate[] = [];
    const rest = new Map<Monitor, Matched[]>();
    for (const one of asked) {
      const { monitor, key, matches } = one;
      if (others.has(key)) {
        this.#others.add(key);
        rest.set(monitor, [...(rest.get(monitor) ?? []), one]);
      } else {
        candidates.push({ monitor, key, isOthers: false, matches, counted: { [key]: matches.count } });
      }
    }
    for (const [monitor, groups] of rest) {
      const key = groupKey(monitor.name, undefined);
      if (this.#isSurelyOpen(monitor, key)) continue;
      const counted = Object.fromEntries(groups.map((one) => [one.key, one.matches.count]));
      candidates.push({ monitor, key, isOthers: true, matches: together(groups.map((one) => one.matches)), counted });
    }
    return candidates;
  }

  /** Groups for which there is no room: those that this instance does not know and that nobody has opened. */
  async #othersOf(asked: readonly Matched[]): Promise<Set<string>> {
    const free = new Map<Monitor, number>();
    const beyond: string[] = [];
    for (const { monitor, key } of asked) {
      if (this.#memory.known(key)) continue;
      const left = free.get(monitor) ?? monitor.maxGroups - this.#memory.openGroups(monitor.name);
      free.set(monitor, left - 1);
      if (left <= 0) beyond.push(key);
    }
    const now = this.#context.now();
    const unsure = beyond.filter((key) => !this.#memory.isOtherSince(key, now - HEAD_MS));
    const open = await inParallel(unsure, (key) => this.#reach(() => openClaim(this.#context, key)));
    const isOpened = new Set(unsure.filter((_, at) => open[at] !== undefined));
    for (const key of unsure) if (!isOpened.has(key)) this.#memory.learnOther(key, now);
    return new Set(beyond.filter((key) => !isOpened.has(key)));
  }

  /** Claims a group, and starts sending its alert if this batch opened it. */
  async #tell(candidate: Candidate): Promise<void> {
    const { key, monitor } = candidate;
    const known = this.#memory.known(key);
    const claimed = await this.#reach(async () => {
      const words = await this.#wordsOfMute(candidate);
      return claimGroup(this.#context, key, known?.epoch, (epoch) => this.#claim(candidate, epoch, words));
    });
    if (!claimed) return this.#tellFromMemory(candidate);
    const { result, epoch, claim } = claimed;
    if (result === "won" && !candidate.isOthers) this.#memory.won(monitor.name);
    if (result !== "own") this.#open.set(key, { epoch, openedBy: `${claim.source} ${claim.position}` });
    if (result === "open" || claim.isTold) return;
    if (result === "won") this.#send(claim.alert);
    // A closed epoch was reported by a sweep.
    else if (claim.next === undefined && !this.#memory.hasSent(claim.alert.id)) this.#claimedBefore.push(claim);
  }

  /**
   * Sends the alerts that an earlier attempt of this batch claimed, unless that attempt has sent them, or does so
   * during the wait.
   */
  async #tellAgain(): Promise<void> {
    const { instance } = this.#context;
    const ofOthers = this.#claimedBefore.filter(({ by }) => by !== instance);
    const finished = await finishedTries(ofOthers, this.#context, (ask) => this.#reach(ask));
    for (const claim of this.#claimedBefore) if (!finished.has(claim)) this.#send(again(claim.alert));
  }

  #tellFromMemory(candidate: Candidate): void {
    const { key } = candidate;
    if (this.#isToldFromMemory(candidate.monitor, key)) return;
    const { alert } = this.#claim(candidate, -1, undefined);
    const words = "the state could not be reached: others may have told this, and counts follow";
    this.#send(again({ ...alert, words }), () => {
      this.#memory.tellFromMemory(key, { at: this.#context.now(), by: this.#self });
    });
  }

  #isToldFromMemory({ windowMs }: Monitor, key: string): boolean {
    const told = this.#memory.toldFromMemory(key);
    return told !== undefined && this.#context.now() - told.at < windowMs;
  }

  #send(alert: Alert, whenSent?: () => void): void {
    const sending = async (): Promise<string[]> => {
      const failed = await receiversThatFailed(this.#context, alert);
      if (failed.length > 0) return failed;
      this.#memory.sent(alert.id);
      whenSent?.();
      return [];
    };
    this.#sending.push(sending());
    // Awaited after all are claimed.
    this.#sending.at(-1)!.catch(() => undefined);
  }

  #claim({ monitor, key, isOthers, matches, counted }: Candidate, epoch: number, words: string | undefined): Claim {
    const { file, instance, now } = this.#context;
    const { source, position, arrivedAt } = this.#batch;
    const { group, count, firstAt, lastAt, sample } = matches;
    const alert = groupAlert(
      "first",
      { monitor, key, group, isOthers, epoch, openedAt: arrivedAt, labels: labelsOf(file, monitor, source) },
      {
        count,
        firstAt,
        lastAt,
        arrivedAt,
        source,
        sample,
        words,
        regions: [source.region],
        isLate: now() - firstAt > LATE_MS,
      },
    );
    const by = { by: instance, at: arrivedAt, source: source.name, position, countKey: this.#countKey };
    const isTold = this.#isToldFromMemory(monitor, key);
    return { version: 1, ...by, counted, alert, ...(isTold && { isTold: true }) };
  }

  async #wordsOfMute({ monitor, key, isOthers, matches }: Candidate): Promise<string | undefined> {
    if (!wasMuted(monitor, isOthers ? [] : matches.group, this.#context.now())) return undefined;
    const muted = parse<Muted>(mutedKey(key), await this.#context.store.get(mutedKey(key)));
    return muted && muted.count > 0 ? `${muted.count} before it were muted` : undefined;
  }

  /** The last step: a batch with a count is complete. */
  async #count(): Promise<void> {
    const { source, position, arrivedAt } = this.#batch;
    const groups = this.#matched.map((one) => this.#counted(one));
    const count: Count = { version: 1, source, position, at: arrivedAt, groups };
    const body = JSON.stringify(count);
    this.#refuseAnothers();
    if (!this.#unreachable) await this.#reach(() => this.#context.store.put(this.#countKey, body));
    if (this.#unreachable) {
      this.#memory.keep(this.#countKey, body);
      const { error } = this.#unreachable;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StateUnreachableError(
        `the state must be reached to take a batch, got ${reason}; the batch comes again`,
        { cause: error },
      );
    }
    for (const [key, open] of this.#open) this.#memory.learn(key, { ...open, countedAt: arrivedAt });
    const now = this.#context.now();
    for (const { monitor, key, matches } of this.#matched) {
      if (this.#isBelow(monitor, key, matches)) this.#near.count(monitor, key, matches.count, now);
    }
  }

  #refuseAnothers(): void {
    if (!this.#isOurs()) throw new NotOursError("the batch must be this process's to count, got another one's");
  }

  #counted({ monitor, key, matches }: Matched): CountedGroup {
    const { group, count, firstAt, lastAt, seconds, sample } = matches;
    const isOpen = this.#open.has(key) || this.#isSurelyOpen(monitor, key);
    const own = this.#others.has(key) ? groupKey(monitor.name, undefined) : key;
    const isTold = this.#memory.toldFromMemory(own)?.by === this.#self;
    return {
      monitor: monitor.name,
      group,
      count,
      firstAt,
      lastAt,
      ...(monitor.threshold && { seconds }),
      ...(!isOpen && { sample }),
      ...(this.#others.has(key) && { isOthers: true }),
      ...(isTold && { isTold: true }),
    };
  }

  /** Calls the state; undefined if it is unavailable. */
  async #reach<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#unreachable) return undefined;
    try {
      return await ask();
    } catch (error) {
      this.#unreachable ??= { error };
      return undefined;
    }
  }

  get #self(): string {
    return `${this.#batch.source.name} ${this.#batch.position}`;
  }
}

/** Combines several groups into one. */
function together(groups: readonly GroupMatches[]): GroupMatches {
  return {
    ...groups[0],
    group: [],
    count: groups.reduce((sum, { count }) => sum + count, 0),
    firstAt: Math.min(...groups.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...groups.map(({ lastAt }) => lastAt)),
    seconds: groups.flatMap(({ seconds }) => seconds),
  };
}
