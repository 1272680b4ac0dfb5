import type { ClockTimer, SimulatedClock } from "../clock";
import { Refusal } from "../refusal";

/** What a timer trigger does. */
export interface TimerSpec {
  readonly name: string;
  /** Seven fields: second, minute, hour, day, month, weekday, year. */
  readonly cron: string;
  /** Text in the event. */
  readonly message: string;
  readonly enabled: boolean;
  readonly qualifier: string;
  /** A note about it. */
  readonly description: string;
}

/** The event of a timer trigger. */
export interface TimerEvent {
  readonly Type: "Timer";
  readonly TriggerName: string;
  readonly Time: string;
  readonly Message: string;
}

/**
 * Fires on the simulated clock, in Beijing time, whenever the clock is advanced past a due moment, until the returned
 * function is called.
 */
export function startTimer(
  spec: Pick<TimerSpec, "name" | "cron" | "message">,
  clock: SimulatedClock,
  fire: (event: TimerEvent) => void,
): () => void {
  const matches = parseCron(spec.cron);
  let due: ClockTimer | undefined;
  const schedule = (): void => {
    const next = nextTime(matches, clock.now());
    if (next === undefined) return;
    due = clock.setTimer(next - clock.now(), () => {
      const time = `${new Date(next).toISOString().slice(0, 19)}Z`;
      fire({ Type: "Timer", TriggerName: spec.name, Time: time, Message: spec.message });
      schedule();
    });
  };
  schedule();
  return () => due?.cancel();
}

type Field = (value: number) => boolean;

const RANGES = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
  [1970, 2099],
] as const;

/**
 * Parses the seven fields: `*`, numbers, `a-b`, `a,b` and steps. Throws for what SCF would refuse. Fact:
 * docs/design/facts/provider.md#timer-trigger.
 */
export function parseCron(cron: string): readonly Field[] {
  const fields = cron.split(" ");
  if (fields.length !== RANGES.length) throw wrong(cron);
  return fields.map((field, index) => {
    const parts = field.split(",").map((part) => parsePart(part, RANGES[index] as readonly [number, number], cron));
    return (value) => parts.some((part) => part(value));
  });
}

function parsePart(part: string, [least, most]: readonly [number, number], cron: string): Field {
  const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (!match) throw wrong(cron);
  const [, from, to, every] = match.map((text) => (text === undefined ? undefined : Number(text)));
  const first = from ?? least;
  const last = to ?? (from === undefined || every !== undefined ? most : from);
  const step = every ?? 1;
  if (first < least || last > most || first > last || step < 1) throw wrong(cron);
  return (value) => value >= first && value <= last && (value - first) % step === 0;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
const FARTHEST_MS = 5 * 366 * DAY_MS;

/** The next moment after `now`, within five years. */
export function nextTime(matches: readonly Field[], now: number): number | undefined {
  const [second, minute, hour, day, month, weekday, year] = matches as [
    Field,
    Field,
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  const end = now + FARTHEST_MS;
  for (let time = (Math.floor(now / SECOND_MS) + 1) * SECOND_MS; time <= end;) {
    const date = new Date(time + BEIJING_MS);
    const isDay =
      day(date.getUTCDate()) &&
      month(date.getUTCMonth() + 1) &&
      weekday(date.getUTCDay()) &&
      year(date.getUTCFullYear());
    if (!isDay) time = after(time, DAY_MS);
    else if (!hour(date.getUTCHours())) time = after(time, 3_600_000);
    else if (!minute(date.getUTCMinutes())) time = after(time, 60_000);
    else if (!second(date.getUTCSeconds())) time += SECOND_MS;
    else return time;
  }
  return undefined;
}

/** The start of the next span, in Beijing time. */
function after(time: number, span: number): number {
  return (Math.floor((time + BEIJING_MS) / span) + 1) * span - BEIJING_MS;
}

function wrong(cron: string): Refusal {
  return new Refusal("InvalidParameterValue.TriggerDesc", `trigger_desc must be seven cron fields, got "${cron}"`);
}
