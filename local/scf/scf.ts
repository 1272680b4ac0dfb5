import { randomUUID } from "node:crypto";
import type { ObjectEvent } from "../cos/bucket";
import { Refusal } from "../refusal";
import { Bindings, type Binding } from "./bindings";
import { cosEvent } from "./event";
import { CloudFunction, type FunctionHost } from "./function";
import type { FunctionSpec } from "./function-spec";
import type { FunctionError } from "./error";
import type { FunctionLogs } from "./function-log";
import { FunctionUrls } from "./function-urls";
import { InvokeConfigs } from "./invoke-configs";
import { Reservations } from "./reservations";
import type { TimerEvent } from "./timer";
import { Timers, type Timer } from "./timers";
import type { CosTrigger } from "./trigger";
import type { Outcome } from "./worker";

/** One run of a function. */
export interface Invocation extends Outcome {
  readonly functionName: string;
  readonly requestId: string;
  /** What raised the event: `cos://bucket/key`. */
  readonly source: string;
  /** 1 for the first run, more for a retry. */
  readonly attempt: number;
  /** When it began, on the simulated clock. */
  readonly startedAt: number;
  readonly error?: FunctionError;
  /** Whether it failed and will not be run again. */
  readonly givenUp: boolean;
}

/** An event that waits for its function, or for a retry. */
interface QueuedEvent {
  readonly target: CloudFunction;
  readonly event: unknown;
  readonly source: string;
  readonly requestId: string;
  readonly attempt: number;
  /** Runs after an error. */
  readonly retries: number;
}

/** An invocation that a caller of the API asks for. */
export interface ApiInvocation {
  readonly functionName: string;
  readonly namespace: string;
  readonly event: unknown;
  /** Whether the caller waits for the end. */
  readonly wait: boolean;
  /** What raised the event. @default "api" */
  readonly source?: string;
}

/** How long SCF waits before it runs an event again. Fact: docs/design/facts/runtime.md#retries. */
const RETRY_DELAY_MS = 60_000;

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
  private readonly functions = new Map<string, CloudFunction>();
  /** The COS triggers of all functions. */
  readonly bindings: Bindings;
  readonly timers: Timers;
  readonly urls: FunctionUrls;
  readonly invokeConfigs = new InvokeConfigs();
  readonly reservations = new Reservations();
  private readonly waiting = new Map<CloudFunction, QueuedEvent[]>();
  private readonly running = new Map<CloudFunction, number>();
  private readonly retryTimes = new Map<string, number>();
  private listeners: ((invocation: Invocation) => void)[] = [];
  private idleWaiters: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: ScfOptions) {
    this.bindings = new Bindings(options.clock);
    this.urls = new FunctionUrls(options.account, options.clock, options.endpoint);
    this.timers = new Timers(options.clock, (timer, event) => this.tick(timer, event));
  }

  /** Makes a function. Throws where SCF would refuse it. */
  createFunction(spec: FunctionSpec): CloudFunction {
    if (this.has(spec.name, spec.namespace)) {
      throw new Refusal("ResourceInUse.Function", `function name must be free, got "${spec.name}", which exists`);
    }
    const created = new CloudFunction(spec, this.options);
    this.functions.set(`${spec.namespace}/${spec.name}`, created);
    return created;
  }

  /** Removes a function and its triggers. */
  async deleteFunction(name: string, namespace: string): Promise<void> {
    const target = this.function(name, namespace);
    this.bindings.forget(target);
    this.timers.forget(target);
    this.urls.forget(target);
    this.reservations.delete(target);
    this.functions.delete(`${namespace}/${name}`);
    this.waiting.delete(target);
    await target.close();
  }

  /** All functions, in the order they were made. */
  allFunctions(): readonly CloudFunction[] {
    return [...this.functions.values()];
  }

  /** The function of that name. Throws where there is none. */
  function(name: string, namespace: string): CloudFunction {
    const target = this.functions.get(`${namespace}/${name}`);
    if (target) return target;
    if (!this.namespaces().includes(namespace)) {
      throw new Refusal("ResourceNotFound.Namespace", `namespace must exist, got "${namespace}"`);
    }
    throw new Refusal("ResourceNotFound.Function", `function must exist in namespace ${namespace}, got "${name}"`);
  }

  /** Those that hold functions, and the one that every account has. */
  namespaces(): readonly string[] {
    return [...new Set(["default", ...this.allFunctions().map(({ spec }) => spec.namespace)])];
  }

  /** Whether there is a function of that name. */
  has(name: string, namespace: string): boolean {
    return this.functions.has(`${namespace}/${name}`);
  }

  /** Makes a COS trigger. Throws where one of the same bucket would fire for the same object. */
  createTrigger(trigger: CosTrigger, namespace: string): Binding {
    return this.bindings.add(trigger, this.function(trigger.functionName, namespace));
  }

  /** Queues an event of COS for each function whose trigger matches. */
  raise(event: ObjectEvent): void {
    for (const { trigger, target } of this.bindings.matching(event)) {
      const { name: functionName, namespace } = target.spec;
      this.enqueue({
        target,
        event: cosEvent(event, { functionName, namespace, qualifier: trigger.qualifier }),
        source: `cos://${event.bucket.name}/${event.object.key}`,
        requestId: randomUUID(),
        attempt: 1,
        retries: this.retriesOf(target),
      });
    }
  }

  /**
   * Invokes a function by its name, as the API does: `wait` runs it once and resolves to how it ended; otherwise the event
   * is queued and retried as a trigger's is. Resolves to the request's id. Throws {@link Refusal} where there is no such
   * function.
   */
  async invoke(wanted: ApiInvocation): Promise<{ requestId: string; ended?: Invocation }> {
    const target = this.function(wanted.functionName, wanted.namespace);
    const requestId = randomUUID();
    const queued = { target, event: wanted.event, source: wanted.source ?? "api", requestId, attempt: 1 };
    // A caller that waits gets the error, and nobody tries again.
    if (wanted.wait) return { requestId, ended: await this.runOnce({ ...queued, retries: 0 }) };
    this.enqueue({ ...queued, retries: this.retriesOf(target) });
    return { requestId };
  }

  /** Calls the listener at the end of every invocation. */
  onInvocation(listener: (invocation: Invocation) => void): void {
    this.listeners.push(listener);
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
    const { name, namespace } = queued.target.spec;
    // What waited for a function is lost with it.
    if (this.functions.get(`${namespace}/${name}`) !== queued.target) return;
    const queue = this.waiting.get(queued.target) ?? [];
    queue.push(queued);
    this.waiting.set(queued.target, queue);
    this.startNext(queued.target);
  }

  private startNext(target: CloudFunction): void {
    const running = this.running.get(target) ?? 0;
    if (this.closed || running >= this.reservations.instancesOf(target, this.options.maxInstances)) return;
    const queued = this.waiting.get(target)?.shift();
    if (!queued) return;
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
    if (error && !givenUp && !this.closed) this.retryLater(queued);
  }

  private async runOnce({ target, event, source, requestId, attempt, retries }: QueuedEvent): Promise<Invocation> {
    const startedAt = this.options.clock.now();
    const log = this.options.logs.open({ spec: target.spec, requestId, attempt });
    log.start();
    const outcome = await target.run(event, requestId, (line) => log.line(line));
    log.end(outcome);
    const givenUp = outcome.error !== undefined && attempt > retries;
    const invocation = { functionName: target.spec.name, requestId, source, attempt, startedAt, givenUp, ...outcome };
    if (this.closed) return invocation;
    this.invocations.push(invocation);
    for (const listener of this.listeners) listener(invocation);
    return invocation;
  }

  private tick({ spec, target }: Timer, event: TimerEvent): void {
    const queued = { target, event, source: `timer://${spec.name}`, requestId: randomUUID(), attempt: 1 };
    this.enqueue({ ...queued, retries: this.retriesOf(target) });
  }

  private retriesOf(target: CloudFunction): number {
    return this.invokeConfigs.of(target).retries;
  }

  private retryLater(queued: QueuedEvent): void {
    const { requestId, attempt } = queued;
    const timer = this.options.clock.setTimer(RETRY_DELAY_MS, () => {
      this.retryTimes.delete(requestId);
      this.enqueue({ ...queued, attempt: attempt + 1 });
    });
    this.retryTimes.set(requestId, timer.dueAt);
  }

  private get busy(): number {
    const waiting = [...this.waiting.values()].reduce((sum, queue) => sum + queue.length, 0);
    return [...this.running.values()].reduce((sum, count) => sum + count, waiting);
  }
}
