import { randomUUID } from "node:crypto";
import type { ObjectEvent } from "../cos/bucket";
import { Refusal } from "../refusal";
import { Bindings } from "./bindings";
import { cosEvent } from "./event";
import { CloudFunction, type FunctionHost } from "./function";
import type { FunctionSpec } from "./function-spec";
import { noRoom } from "./error";
import type { FunctionLogs } from "./function-log";
import { FunctionUrls } from "./function-urls";
import { invocationOf, type Invocation, type InvocationRequest, type QueuedEvent, type Throttling } from "./invocation";
import { InvokeConfigs } from "./invoke-configs";
import type { LogLine } from "./log";
import { Reservations } from "./reservations";
import type { TimerEvent } from "./timer";
import { Timers, type Timer } from "./timers";

/** What tells functions apart. */
export type FunctionPlace = Pick<FunctionSpec, "region" | "namespace" | "name">;

/** How long SCF waits before it tries an event again, that failed or found no room. Fact: docs/design/facts/runtime.md#retries. */
const RETRY_DELAY_MS = 60_000;

/** Sees functions run, as it happens; the end of each run is {@link Scf.onInvocation}'s. */
export interface RunObserver {
  begun(queued: QueuedEvent): void;
  wrote(queued: QueuedEvent, line: LogLine): void;
}

/** How SCF runs functions. */
export interface ScfOptions extends FunctionHost {
  /** Most instances of one function at a time. */
  readonly maxInstances: number;
  /** Takes what functions log. */
  readonly logs: FunctionLogs;
}

/** Functions, their triggers, and the queue of asynchronous invocations. */
export class Scf {
  /** Every invocation that has ended, in the order of their end. */
  readonly invocations: Invocation[] = [];
  /** Every time that there was no room for an event. */
  readonly throttlings: Throttling[] = [];
  private readonly functions = new Map<string, CloudFunction>();
  /** The COS triggers of all functions. */
  readonly bindings: Bindings;
  readonly timers: Timers;
  readonly urls: FunctionUrls;
  readonly invokeConfigs = new InvokeConfigs();
  readonly reservations = new Reservations();
  /** What `GetAccount` says may be had: of a namespace, of a region, of a function. Nobody is held to it. */
  limits = { functions: 50, namespaces: 5, triggersOfType: 10 };
  private readonly waiting = new Map<CloudFunction, QueuedEvent[]>();
  private readonly running = new Map<CloudFunction, number>();
  /** Instances that run, for callers that wait as well. */
  private readonly busyInstances = new Map<CloudFunction, number>();
  private readonly retryTimes = new Map<string, number>();
  private listeners: ((invocation: Invocation) => void)[] = [];
  private readonly observers: RunObserver[] = [];
  private idleWaiters: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: ScfOptions) {
    this.bindings = new Bindings(options.clock);
    this.urls = new FunctionUrls(options.account, options.clock, options.endpoint);
    this.timers = new Timers(options.clock, (timer, event) => this.tick(timer, event));
  }

  /** Makes a function. Throws where SCF would refuse it. */
  createFunction(spec: FunctionSpec): CloudFunction {
    if (this.functions.has(keyOf(spec))) {
      throw new Refusal("ResourceInUse.Function", `function name must be free, got "${spec.name}", which exists`);
    }
    const created = new CloudFunction(spec, this.options);
    this.functions.set(keyOf(spec), created);
    return created;
  }

  /** Removes a function and its triggers. */
  async deleteFunction(target: CloudFunction): Promise<void> {
    this.bindings.forget(target);
    this.timers.forget(target);
    this.urls.forget(target);
    this.reservations.delete(target);
    this.functions.delete(keyOf(target.spec));
    this.waiting.delete(target);
    await target.close();
  }

  /** All functions, in the order they were made. */
  allFunctions(): readonly CloudFunction[] {
    return [...this.functions.values()];
  }

  /** The function of that name. Throws where there is none. */
  function(place: FunctionPlace): CloudFunction {
    const target = this.functions.get(keyOf(place));
    if (target) return target;
    const { name, namespace, region } = place;
    if (!this.namespaces(region).includes(namespace)) {
      throw new Refusal("ResourceNotFound.Namespace", `namespace must exist, got "${namespace}" in ${region}`);
    }
    const message = `function must exist in namespace ${namespace}, got "${name}" in ${region}`;
    throw new Refusal("ResourceNotFound.Function", message);
  }

  /** Those of a region that hold functions, and the one that every account has. */
  namespaces(region: string): readonly string[] {
    const specs = this.allFunctions().map(({ spec }) => spec);
    return [...new Set(["default", ...specs.filter((spec) => spec.region === region).map((spec) => spec.namespace)])];
  }

  /** Whether a function is still there; one that was made anew under the same name is another. */
  has(target: CloudFunction): boolean {
    return this.functions.get(keyOf(target.spec)) === target;
  }

  /** Queues an event of COS for each function whose trigger matches. */
  raise(event: ObjectEvent): void {
    for (const { trigger, target } of this.bindings.matching(event)) {
      const { name: functionName, namespace } = target.spec;
      const raised = cosEvent(event, { functionName, namespace, qualifier: trigger.qualifier });
      this.enqueue(this.queued(target, raised, `cos://${event.bucket.name}/${event.object.key}`));
    }
  }

  /**
   * Invokes a function, as the API does: `wait` runs it once and resolves to how it ended; otherwise the event is queued
   * and retried as a trigger's is. Resolves to the request's id.
   */
  async invoke(target: CloudFunction, wanted: InvocationRequest): Promise<{ requestId: string; ended?: Invocation }> {
    const queued = this.queued(target, wanted.event, wanted.source ?? "api");
    const { requestId } = queued;
    if (wanted.wait) return { requestId, ended: await this.runForCaller({ ...queued, retries: 0 }) };
    this.enqueue(queued);
    return { requestId };
  }

  /** Calls the listener at the end of every invocation. */
  onInvocation(listener: (invocation: Invocation) => void): void {
    this.listeners.push(listener);
  }

  /** Tells the observer of every run from now on. */
  observe(observer: RunObserver): void {
    this.observers.push(observer);
  }

  /** Events that wait, run, or will be retried. */
  get pending(): number {
    return this.busy + this.retryTimes.size;
  }

  /**
   * Resolves when no event is queued or running, and what was logged has reached its topic. Where all that is left are
   * retries, the simulated clock is advanced to the next of them.
   */
  async settled(): Promise<void> {
    do {
      if (this.busy > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
      else if (this.pending > 0) await this.options.clock.advanceTo(Math.min(...this.retryTimes.values()));
      await this.options.logs.delivered();
    } while (this.pending > 0 && !this.closed);
  }

  /** Ends all instances; nothing runs afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.listeners = [];
    this.options.logs.close();
    await Promise.all([...this.functions.values()].map((target) => target.close()));
  }

  private enqueue(queued: QueuedEvent): void {
    // What waited for a function is lost with it.
    if (!this.has(queued.target)) return;
    const queue = this.waiting.get(queued.target) ?? [];
    queue.push(queued);
    this.waiting.set(queued.target, queue);
    this.startNext(queued.target);
  }

  private startNext(target: CloudFunction): void {
    const running = this.running.get(target) ?? 0;
    if (this.closed || running >= this.options.maxInstances) return;
    const queued = this.waiting.get(target)?.shift();
    if (!queued) return;
    if (!this.hasRoom(target)) {
      if (!this.throttle(queued, this.isTooOld(queued))) this.tryLater(queued);
      return this.startNext(target);
    }
    this.running.set(target, running + 1);
    void this.run(queued).then(() => this.ended(target));
  }

  private ended(target: CloudFunction): void {
    this.running.set(target, (this.running.get(target) ?? 1) - 1);
    this.startNext(target);
    if (this.busy > 0 && !this.closed) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  private async run(queued: QueuedEvent): Promise<void> {
    const { error, givenUp } = await this.runOnce(queued);
    if (error && !givenUp && !this.closed) this.tryLater({ ...queued, attempt: queued.attempt + 1 });
  }

  /** A caller that waits gets the error, and nobody tries again. */
  private async runForCaller(queued: QueuedEvent): Promise<Invocation> {
    if (this.hasRoom(queued.target)) return this.runOnce(queued);
    this.throttle(queued, true);
    return invocationOf(queued, { error: noRoom(), log: [], ms: 0, memoryMb: 0 }, this.options.clock.now());
  }

  private hasRoom(target: CloudFunction): boolean {
    return this.reservations.hasRoom(target, this.busyInstances.get(target) ?? 0);
  }

  /** Notes that there was no room for an event; returns whether it is given up. */
  private throttle({ target, requestId, source }: QueuedEvent, givenUp: boolean): boolean {
    const { name: functionName, region } = target.spec;
    this.throttlings.push({ region, functionName, requestId, source, time: this.options.clock.now(), givenUp });
    return givenUp;
  }

  /** Whether an event would be older than its function's events may become when it is tried again. */
  private isTooOld({ target, raisedAt }: QueuedEvent): boolean {
    const ageMs = this.options.clock.now() + RETRY_DELAY_MS - raisedAt;
    return ageMs > this.invokeConfigs.of(target).maxAgeSeconds * 1000;
  }

  private async runOnce(queued: QueuedEvent): Promise<Invocation> {
    const { target, event, requestId, attempt } = queued;
    const startedAt = this.options.clock.now();
    const log = this.options.logs.open({ spec: target.spec, requestId, attempt });
    log.start();
    this.countBusy(target, 1);
    for (const observer of this.observers) observer.begun(queued);
    const outcome = await target.run(event, requestId, (line) => {
      log.line(line);
      for (const observer of this.observers) observer.wrote(queued, line);
    });
    this.countBusy(target, -1);
    log.end(outcome);
    const invocation = invocationOf(queued, outcome, startedAt);
    if (this.closed) return invocation;
    this.invocations.push(invocation);
    for (const listener of this.listeners) listener(invocation);
    return invocation;
  }

  private tick({ spec, target }: Timer, event: TimerEvent): void {
    this.enqueue(this.queued(target, event, `timer://${spec.name}`));
  }

  private queued(target: CloudFunction, event: unknown, source: string): QueuedEvent {
    const { retries } = this.invokeConfigs.of(target);
    const raisedAt = this.options.clock.now();
    return { target, event, source, requestId: randomUUID(), attempt: 1, retries, raisedAt };
  }

  private countBusy(target: CloudFunction, change: number): void {
    this.busyInstances.set(target, (this.busyInstances.get(target) ?? 0) + change);
  }

  private tryLater(queued: QueuedEvent): void {
    const { requestId } = queued;
    const timer = this.options.clock.setTimer(RETRY_DELAY_MS, () => {
      this.retryTimes.delete(requestId);
      this.enqueue(queued);
    });
    this.retryTimes.set(requestId, timer.dueAt);
  }

  /** Events that wait for an instance, or run. */
  get busy(): number {
    const waiting = [...this.waiting.values()].reduce((sum, queue) => sum + queue.length, 0);
    return [...this.running.values()].reduce((sum, count) => sum + count, waiting);
  }
}

function keyOf({ name, namespace, region }: FunctionPlace): string {
  return `${region}/${namespace}/${name}`;
}
