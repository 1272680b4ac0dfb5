import { randomUUID } from "node:crypto";
import type { SimulatedClock } from "../clock";
import type { ObjectEvent } from "../cos/bucket";
import { cosEvent } from "./event";
import { CloudFunction, type FunctionHost, type FunctionSpec } from "./function";
import type { FunctionError } from "./error";
import { matchesTrigger, overlaps, type CosTrigger } from "./trigger";
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

interface Delivery {
  readonly target: CloudFunction;
  readonly event: unknown;
  readonly source: string;
  readonly requestId: string;
  readonly attempt: number;
}

/** Runs after an error: SCF's default. Fact: runtime.md 1.3. */
const RETRIES = 2;
const RETRY_DELAY_MS = 60_000;

/** How SCF runs functions. */
export interface ScfOptions extends FunctionHost {
  readonly clock: SimulatedClock;
  /** Most instances of one function at a time. */
  readonly maxInstances: number;
}

/** Functions, their triggers, and the queue of asynchronous invocations. */
export class Scf {
  /** Every invocation that has ended, in the order of their end. */
  readonly invocations: Invocation[] = [];
  private readonly functions = new Map<string, CloudFunction>();
  private readonly bindings: { trigger: CosTrigger; target: CloudFunction }[] = [];
  private readonly waiting = new Map<CloudFunction, Delivery[]>();
  private readonly running = new Map<CloudFunction, number>();
  private readonly retryTimes = new Map<string, number>();
  private listeners: ((invocation: Invocation) => void)[] = [];
  private idleWaiters: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: ScfOptions) {}

  /** Makes a function. Throws where SCF would refuse it. */
  createFunction(spec: FunctionSpec): CloudFunction {
    const name = `${spec.namespace}/${spec.name}`;
    if (this.functions.has(name)) throw new Error(`function name must be free, got "${spec.name}", which exists`);
    const created = new CloudFunction(spec, this.options);
    this.functions.set(name, created);
    return created;
  }

  /** Makes a COS trigger. Throws where one of the same bucket would fire for the same object. */
  createTrigger(trigger: CosTrigger, namespace: string): void {
    const target = this.functions.get(`${namespace}/${trigger.functionName}`);
    if (!target) throw new Error(`function must exist in namespace ${namespace}, got "${trigger.functionName}"`);
    if (target.spec.region !== trigger.region) {
      throw new Error(`bucket and function must be in one region, got ${trigger.region} and ${target.spec.region}`);
    }
    const other = this.bindings.map((binding) => binding.trigger).find((existing) => overlaps(existing, trigger));
    if (other) {
      throw new Error(
        `triggers of one bucket must not overlap, got ${describe(trigger)} beside ${describe(other)} of ${other.functionName}`,
      );
    }
    this.bindings.push({ trigger, target });
  }

  /** Hands an event of COS to the functions whose triggers match. */
  deliver(event: ObjectEvent): void {
    for (const { trigger, target } of this.bindings) {
      if (trigger.bucket !== event.bucket.name || !matchesTrigger(trigger, event.name, event.object.key)) continue;
      const { name: functionName, namespace } = target.spec;
      this.enqueue({
        target,
        event: cosEvent(event, { functionName, namespace, qualifier: trigger.qualifier }),
        source: `cos://${event.bucket.name}/${event.object.key}`,
        requestId: randomUUID(),
        attempt: 1,
      });
    }
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
   * Resolves when no event is queued or running. Where all that is left are retries, the simulated clock is advanced to
   * the next of them.
   */
  async settled(): Promise<void> {
    while (this.pending > 0 && !this.closed) {
      if (this.busy > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
      else await this.options.clock.advanceTo(Math.min(...this.retryTimes.values()));
    }
  }

  /** Ends all instances; nothing runs afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.listeners = [];
    await Promise.all([...this.functions.values()].map((target) => target.close()));
  }

  private enqueue(delivery: Delivery): void {
    const queue = this.waiting.get(delivery.target) ?? [];
    queue.push(delivery);
    this.waiting.set(delivery.target, queue);
    this.startNext(delivery.target);
  }

  private startNext(target: CloudFunction): void {
    const running = this.running.get(target) ?? 0;
    if (this.closed || running >= this.options.maxInstances) return;
    const delivery = this.waiting.get(target)?.shift();
    if (!delivery) return;
    this.running.set(target, running + 1);
    void this.run(delivery).then(() => this.ended(target));
  }

  private ended(target: CloudFunction): void {
    this.running.set(target, (this.running.get(target) ?? 1) - 1);
    this.startNext(target);
    if (this.busy > 0 && !this.closed) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  private async run(delivery: Delivery): Promise<void> {
    const { target, source, requestId, attempt } = delivery;
    const startedAt = this.options.clock.now();
    const outcome = await target.run(delivery.event, requestId);
    if (this.closed) return;
    const givenUp = outcome.error !== undefined && attempt > RETRIES;
    const invocation = { functionName: target.spec.name, requestId, source, attempt, startedAt, givenUp, ...outcome };
    this.invocations.push(invocation);
    if (outcome.error && !givenUp) this.retryLater(delivery);
    for (const listener of this.listeners) listener(invocation);
  }

  private retryLater(delivery: Delivery): void {
    const { requestId, attempt } = delivery;
    const timer = this.options.clock.setTimer(RETRY_DELAY_MS, () => {
      this.retryTimes.delete(requestId);
      this.enqueue({ ...delivery, attempt: attempt + 1 });
    });
    this.retryTimes.set(requestId, timer.dueAt);
  }

  private get busy(): number {
    const waiting = [...this.waiting.values()].reduce((sum, queue) => sum + queue.length, 0);
    return [...this.running.values()].reduce((sum, count) => sum + count, waiting);
  }
}

function describe(trigger: CosTrigger): string {
  return `${trigger.event} with prefix "${trigger.prefix}" and suffix "${trigger.suffix}"`;
}
