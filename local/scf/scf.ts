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

/** Identifies a function. */
export type FunctionPlace = Pick<FunctionSpec, "region" | "namespace" | "name">;

/** Time until SCF retries an event that failed or was throttled. Fact: docs/design/facts/runtime.md#retries. */
const RETRY_DELAY_MS = 60_000;

/** Observes functions while they run; the end of a run is reported by {@link Scf.onInvocation}. */
export interface RunObserver {
  begun(queued: QueuedEvent): void;
  wrote(queued: QueuedEvent, line: LogLine): void;
}

/** How SCF runs functions. */
export interface ScfOptions extends FunctionHost {
  /** Maximum concurrent instances of a function. */
  readonly maxInstances: number;
  /** Receives function logs. */
  readonly logs: FunctionLogs;
}

/** Functions, their triggers, and the queue of asynchronous invocations. */
export class Scf {
  /** All completed invocations, in order of completion. */
  readonly invocations: Invocation[] = [];
  /** All throttled events. */
  readonly throttlings: Throttling[] = [];
  private readonly functions = new Map<string, CloudFunction>();
  /** The COS triggers of all functions. */
  readonly bindings: Bindings;
  readonly timers: Timers;
  readonly urls: FunctionUrls;
  readonly invokeConfigs = new InvokeConfigs();
  readonly reservations = new Reservations();
  /** Quotas reported by `GetAccount`: for a namespace, a region, a function. They are not enforced. */
  limits = { functions: 50, namespaces: 5, triggersOfType: 10 };
  private readonly waiting = new Map<CloudFunction, QueuedEvent[]>();
  private readonly running = new Map<CloudFunction, number>();
  /** Running instances, including those with waiting callers. */
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

  /** Creates a function. Throws if SCF would refuse it. */
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

  /** All functions, in order of creation. */
  allFunctions(): readonly CloudFunction[] {
    return [...this.functions.values()];
  }

  /** The function of that name. Throws if there is none. */
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

  /** The namespaces of a region that contain functions, and the default one. */
  namespaces(region: string): readonly string[] {
    const specs = this.allFunctions().map(({ spec }) => spec);
    return [...new Set(["default", ...specs.filter((spec) => spec.region === region).map((spec) => spec.namespace)])];
  }

  /** Whether a function still exists; a new one with the same name is a different function. */
  has(target: CloudFunction): boolean {
    return this.functions.get(keyOf(target.spec)) === target;
  }

  /** Queues a COS event for each function with a matching trigger. */
  raise(event: ObjectEvent): void {
    for (const { trigger, target } of this.bindings.matching(event)) {
      const { name: functionName, namespace } = target.spec;
      const raised = cosEvent(event, { functionName, namespace, qualifier: trigger.qualifier });
      this.enqueue(this.queued(target, raised, `cos://${event.bucket.name}/${event.object.key}`));
    }
  }

  /**
   * Invokes a function, as the API does. With `wait` it runs once, and the result is returned; otherwise the event is
   * queued and retried like a trigger's. Resolves to the request's id.
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

  /** Notifies the observer of every run from now on. */
  observe(observer: RunObserver): void {
    this.observers.push(observer);
  }

  /** Number of events that wait, run, or will be retried. */
  get pending(): number {
    return this.busy + this.retryTimes.size;
  }

  /**
   * Resolves when no event is queued or running, and all log lines have reached their topics. If only retries are left,
   * the simulated clock is advanced to the next one.
   */
  async settled(): Promise<void> {
    do {
      if (this.busy > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
      else if (this.pending > 0) await this.options.clock.advanceTo(Math.min(...this.retryTimes.values()));
      await this.options.logs.delivered();
    } while (this.pending > 0 && !this.closed);
  }

  /** Stops all instances; nothing runs afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.listeners = [];
    this.options.logs.close();
    await Promise.all([...this.functions.values()].map((target) => target.close()));
  }

  private enqueue(queued: QueuedEvent): void {
    // Events that waited for a deleted function are dropped.
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

  /** A waiting caller gets the error; there is no retry. */
  private async runForCaller(queued: QueuedEvent): Promise<Invocation> {
    if (this.hasRoom(queued.target)) return this.runOnce(queued);
    this.throttle(queued, true);
    return invocationOf(queued, { error: noRoom(), log: [], ms: 0, memoryMb: 0 }, this.options.clock.now());
  }

  private hasRoom(target: CloudFunction): boolean {
    return this.reservations.hasRoom(target, this.busyInstances.get(target) ?? 0);
  }

  /** Records that an event was throttled; returns whether it is given up. */
  private throttle({ target, requestId, source }: QueuedEvent, givenUp: boolean): boolean {
    const { name: functionName, region } = target.spec;
    this.throttlings.push({ region, functionName, requestId, source, time: this.options.clock.now(), givenUp });
    return givenUp;
  }

  /** Whether an event would exceed the maximum age of its function's events at the next retry. */
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

  /** Number of events that wait for an instance, or run. */
  get busy(): number {
    const waiting = [...this.waiting.values()].reduce((sum, queue) => sum + queue.length, 0);
    return [...this.running.values()].reduce((sum, count) => sum + count, waiting);
  }
}

function keyOf({ name, namespace, region }: FunctionPlace): string {
  return `${region}/${namespace}/${name}`;
}
