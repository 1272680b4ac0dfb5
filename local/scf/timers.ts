import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";
import { parseCron, startTimer, type TimerEvent, type TimerSpec } from "./timer";

/** A timer trigger of a function. */
export interface Timer {
  readonly target: CloudFunction;
  readonly spec: TimerSpec;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly addedAt: number;
  readonly modifiedAt: number;
}

interface Entry extends Timer {
  readonly stop: () => void;
}

const NAME = /^[A-Za-z0-9_-]{1,100}$/;

/** The timer triggers of all functions. Refusals are thrown as {@link Refusal}. */
export class Timers {
  private entries: Entry[] = [];

  /** @param fire invokes the timer's function */
  constructor(
    private readonly clock: SimulatedClock,
    private readonly fire: (timer: Timer, event: TimerEvent) => void,
  ) {}

  create(target: CloudFunction, spec: TimerSpec): Timer {
    if (!NAME.test(spec.name)) {
      const message = `timer's name must have 1 to 100 letters, digits, - and _, got "${spec.name}"`;
      throw new Refusal("InvalidParameterValue.TriggerName", message);
    }
    if (this.of(target).some((other) => other.spec.name === spec.name)) {
      throw new Refusal("ResourceInUse.Trigger", `timer's name must be free, got "${spec.name}", which exists`);
    }
    const now = this.clock.now();
    return this.start({ target, spec, addedAt: now, modifiedAt: now });
  }

  /** Changes a timer; it keeps its name. */
  update(target: CloudFunction, name: string, change: Partial<Omit<TimerSpec, "name">>): void {
    const entry = this.find(target, name);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const spec: TimerSpec = { ...entry.spec, ...Object.fromEntries(given) };
    parseCron(spec.cron);
    this.remove(entry);
    this.start({ target, spec, addedAt: entry.addedAt, modifiedAt: this.clock.now() });
  }

  delete(target: CloudFunction, name: string): void {
    this.remove(this.find(target, name));
  }

  /** Removes all timers of a function. */
  forget(target: CloudFunction): void {
    for (const entry of this.entriesOf(target)) this.remove(entry);
  }

  /** The timers of a function, in the order in which they were created or changed. */
  of(target: CloudFunction): readonly Timer[] {
    return this.entriesOf(target);
  }

  private start(timer: Timer): Timer {
    const { clock } = this;
    parseCron(timer.spec.cron);
    const stop = timer.spec.enabled
      ? startTimer(timer.spec, clock, (event) => this.fire(timer, event))
      : () => undefined;
    this.entries.push({ ...timer, stop });
    return timer;
  }

  private find(target: CloudFunction, name: string): Entry {
    const entry = this.entriesOf(target).find(({ spec }) => spec.name === name);
    if (entry) return entry;
    throw new Refusal("ResourceNotFound.Trigger", `trigger must exist, got "${name}"`);
  }

  private remove(gone: Entry): void {
    gone.stop();
    this.entries = this.entries.filter((entry) => entry !== gone);
  }

  private entriesOf(target: CloudFunction): Entry[] {
    return this.entries.filter((entry) => entry.target === target);
  }
}
