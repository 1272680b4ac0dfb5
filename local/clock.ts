/** A task scheduled on a {@link SimulatedClock}. */
export interface ClockTimer {
  /** When it is due, in milliseconds since 1970. */
  readonly dueAt: number;
  cancel(): void;
}

type Task = () => void | Promise<void>;

/** Milliseconds between two updates of a clock that follows the machine's. */
const FOLLOW_INTERVAL_MS = 10;

/**
 * The time of the cloud's services. It stands still until it is advanced: a shipper that waits five minutes, or a retry
 * after one, completes at once and in the same order in every run. Signatures use real time.
 */
export class SimulatedClock {
  private time: number;
  private timers: { dueAt: number; task: Task }[] = [];
  private advancing: Promise<void> = Promise.resolve();

  /** @param start milliseconds since 1970; the default is fixed, so that partition paths are the same in every run */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.time = start;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.time;
  }

  /** Runs `task` once the clock has advanced by `delayMs`. */
  setTimer(delayMs: number, task: Task): ClockTimer {
    const timer = { dueAt: this.time + delayMs, task };
    this.timers.push(timer);
    return {
      dueAt: timer.dueAt,
      cancel: () => {
        this.timers = this.timers.filter((other) => other !== timer);
      },
    };
  }

  /**
   * Advances the clock. Timers that become due run one after the other, in time order; each is awaited before the next,
   * and sees its own time as `now()`. A task must not advance the clock.
   */
  advance(ms: number): Promise<void> {
    const advanced = this.advancing.then(() => this.moveTo(this.time + ms));
    this.advancing = advanced.catch(() => undefined);
    return advanced;
  }

  /** Advances the clock to that time; a time in the past has no effect. */
  advanceTo(time: number): Promise<void> {
    const advanced = this.advancing.then(() => this.moveTo(time));
    this.advancing = advanced.catch(() => undefined);
    return advanced;
  }

  /**
   * Follows the machine's time from now on, until the returned function is called. It does not keep the process alive.
   */
  follow(): () => void {
    const offset = this.time - Date.now();
    const timer = setInterval(
      () => void this.advanceTo(Date.now() + offset).catch(() => undefined),
      FOLLOW_INTERVAL_MS,
    );
    timer.unref();
    return () => clearInterval(timer);
  }

  private async moveTo(target: number): Promise<void> {
    for (let timer = this.next(target); timer !== undefined; timer = this.next(target)) {
      const due = timer;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.dueAt);
      await due.task();
    }
    this.time = Math.max(this.time, target);
  }

  private next(until: number): { dueAt: number; task: Task } | undefined {
    const due = this.timers.filter((timer) => timer.dueAt <= until);
    return due.sort((one, other) => one.dueAt - other.dueAt)[0];
  }
}
