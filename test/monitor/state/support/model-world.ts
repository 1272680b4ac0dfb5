import fc from "fast-check";
import type { Monitor, QuietHours, Tracker } from "../../../../monitor";
import { type ModelEvent, tell } from "./model";
import { fileOf, inShort, MINUTE, monitor, sourceRef, START, World } from "./world";

const GROUPS = ["a", "b", "c", "d", "e"];

/** A step of a random run. */
export type Step =
  | { readonly type: "wait"; readonly seconds: number }
  | { readonly type: "batch"; readonly instance: number; readonly matches: Readonly<Record<string, number>> }
  | { readonly type: "repeat"; readonly instance: number; readonly of: number }
  | { readonly type: "seen"; readonly source: "gz" | "sg" };

const instance = fc.nat(3);

export const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 400 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant("batch" as const),
        instance,
        matches: fc.dictionary(fc.constantFrom(...GROUPS), fc.integer({ min: 1, max: 6 }), { minKeys: 1, maxKeys: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("repeat" as const), instance, of: fc.nat(50) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("seen" as const),
        source: fc.constantFrom("gz" as const, "sg" as const),
      }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);

const quiet: fc.Arbitrary<QuietHours[]> = fc.constantFrom(
  [],
  [{ days: [], fromMinute: 18 * 60 + 20, toMinute: 18 * 60 + 45, zone: "Asia/Shanghai" }],
  [{ days: ["wed"], fromMinute: 5 * 60 + 10, toMinute: 5 * 60 + 40, zone: "America/New_York" }],
);

export const monitors: fc.Arbitrary<Monitor> = fc
  .record({
    windowMs: fc.integer({ min: 2, max: 12 }).map((minutes) => minutes * MINUTE),
    threshold: fc.option(
      fc.record({
        count: fc.integer({ min: 2, max: 12 }),
        withinMs: fc.integer({ min: 1, max: 300 }).map((s) => s * 1000),
      }),
      {
        nil: undefined,
      },
    ),
    missing: fc.option(fc.record({ forMs: fc.integer({ min: 3, max: 20 }).map((minutes) => minutes * MINUTE) }), {
      nil: undefined,
    }),
    severity: fc.constantFrom("warning" as const, "critical" as const),
    quiet,
    mute: fc.constantFrom([], [{ group: { service: "b" }, until: START + 25 * MINUTE }]),
  })
  .map((changes) => monitor(changes));

/** Runs the steps on trackers and on the model; each minute one of the instances sweeps. */
export async function compare(
  one: Monitor,
  run: readonly Step[],
  instances: number,
): Promise<{ got: string[]; expected: string[] }> {
  const world = new World(fileOf(one));
  const trackers = Array.from({ length: instances }, () => world.tracker());
  const events: ModelEvent[] = [];
  const batches: {
    readonly position: string;
    readonly own: number;
    readonly matches: Readonly<Record<string, number>>;
  }[] = [];
  // Alerts of the same moment can come in any order.
  const got: string[] = [];
  const sweep = async (): Promise<void> => {
    await trackers[Math.floor(world.now / MINUTE) % instances].sweep();
    events.push({ at: world.now, type: "sweep" });
    settle();
  };
  const settle = (): void => void got.push(...world.inbox.alerts.splice(0).map(inShort).map(plain));
  const hurry = async (tracker: Tracker): Promise<void> => {
    const report = await tracker.hurry();
    if (report) events.push({ at: world.now, type: "sweep" });
    settle();
  };
  const take = async (at: number, { position, own, matches }: (typeof batches)[number]): Promise<void> => {
    const inThisSecond = Object.fromEntries(
      Object.entries(matches).map(([group, count]) => [group, { count, firstAt: own, lastAt: own }]),
    );
    const tracker = trackers[at % instances];
    await tracker.take(world.batch(position, inThisSecond, { source: position.length % 2 ? "sg" : "gz" }));
    events.push({ at: world.now, type: "batch", position, matches });
    settle();
    await hurry(tracker);
  };
  const pass = async (seconds: number): Promise<void> => {
    const until = world.now + seconds * 1000;
    for (let minute = Math.floor(world.now / MINUTE) + 1; minute * MINUTE <= until; minute++) {
      world.now = minute * MINUTE;
      await sweep();
    }
    world.now = until;
  };

  for (const step of run) {
    if (step.type === "wait") await pass(step.seconds);
    else if (step.type === "seen") {
      await trackers[0].seen(sourceRef(step.source), world.now);
      events.push({ at: world.now, type: "seen", source: step.source });
    } else if (step.type === "batch") {
      const batch = { position: `p${batches.length}`, own: world.now, matches: step.matches };
      batches.push(batch);
      await take(step.instance, batch);
    } else if (batches.length > 0) await take(step.instance, batches[step.of % batches.length]);
  }
  await pass(60 * 60);
  return { got: sorted(got), expected: sorted(tell(one, events)) };
}

function plain(alert: string): string {
  return alert.replace(/ late$/, "");
}

/** The order stays within a group, but not between groups. */
function sorted(alerts: readonly string[]): string[] {
  const groupOf = (alert: string): string => alert.split(" ")[1];
  return alerts
    .map((alert, at) => ({ alert, at }))
    .sort((one, other) => groupOf(one.alert).localeCompare(groupOf(other.alert)) || one.at - other.at)
    .map(({ alert }) => alert);
}
