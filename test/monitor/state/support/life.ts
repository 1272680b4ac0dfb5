import { type Alert, type BatchMatches, MemoryStore, type Monitor, type Tracker } from "../../../../monitor";
import { type Fault, FaultyCalls } from "./faulty";
import { fileOf, MINUTE, monitor, START, World } from "./world";

export const FAULTS: readonly Fault[] = ["refused", "forgotten", "killed before", "killed after"];

/** A sequence of batches of two sources, some of them repeated, and a monitor. */
export interface Life {
  readonly monitor: Monitor;
  readonly batches: readonly (readonly [minute: number, position: string, matches: Readonly<Record<string, number>>])[];
}

/** Groups that are opened, counted, closed, opened again. */
export const PLAIN: Life = {
  monitor: monitor({ windowMs: 3 * MINUTE }),
  batches: [
    [0, "g1", { a: 1, b: 3 }],
    [0, "s1", { a: 2 }],
    [1, "g1", { a: 1, b: 3 }],
    [2, "g2", { c: 5 }],
    // After everything is closed.
    [8, "s2", { a: 4, d: 7 }],
    [9, "g1", { a: 1, b: 3 }],
  ],
};

/** Groups that cross a threshold in one batch, or in several, which early sweeps detect. */
export const CROSSED: Life = {
  monitor: monitor({ windowMs: 3 * MINUTE, threshold: { count: 10, withinMs: 2 * MINUTE } }),
  batches: [
    [0, "g1", { a: 6, b: 12 }],
    [0, "s1", { a: 6 }],
    [1, "g1", { a: 6, b: 12 }],
    [1, "g2", { a: 2, c: 5 }],
    [2, "s2", { c: 5 }],
    // After everything is closed.
    [8, "s3", { a: 9, d: 4 }],
    [8, "g3", { a: 9, d: 4 }],
    [8, "s4", { d: 4 }],
    [9, "s3", { a: 9, d: 4 }],
  ],
};

function script(world: World, { batches }: Life): { readonly after: number; readonly batch: BatchMatches }[] {
  return batches.map(([after, position, matches]) => {
    const source = position.startsWith("g") ? "gz" : "sg";
    return { after, batch: world.batch(position, matches, { at: START + after * MINUTE + 5_000, source }) };
  });
}

/** Total matches of each group. */
function totalsOf({ batches }: Life): Map<string, number> {
  const totals = new Map<string, number>();
  for (const matches of new Map(batches.map(([, position, found]) => [position, found])).values()) {
    for (const [group, count] of Object.entries(matches)) totals.set(group, (totals.get(group) ?? 0) + count);
  }
  return totals;
}

/** Runs work until it is done or its process ends. */
async function attempt(
  faulty: FaultyCalls | undefined,
  work: () => Promise<unknown>,
): Promise<"done" | "failed" | "died"> {
  const done = work().then(
    () => "done" as const,
    () => "failed" as const,
  );
  return faulty ? Promise.race([done, faulty.died.then(() => "died" as const)]) : done;
}

/**
 * The whole sequence with one failing call. Failed batches come again a minute later, and dead processes are restarted.
 */
export async function live(
  at: number,
  fault: Fault,
  life: Life = PLAIN,
): Promise<{ readonly alerts: readonly Alert[]; readonly calls: readonly string[]; readonly left: number }> {
  const store = new MemoryStore();
  const world = new World(fileOf(life.monitor), store);
  const faulty = new FaultyCalls(at, fault);
  let tracker: Tracker = world.tracker(faulty.store(store), faulty.sender(world.inbox));
  // Undefined after its process has ended.
  let alive: FaultyCalls | undefined = faulty;
  const restart = (): void => {
    alive = undefined;
    tracker = world.tracker();
  };
  const other = world.tracker();
  const waiting = script(world, life);
  for (let minute = 0; minute < 22; minute++) {
    world.now = START + minute * MINUTE + 5_000;
    const due = waiting.filter(({ after }) => after <= minute);
    for (const one of due) {
      // The process that may die takes most batches, and so does its successor.
      const result = await attempt(alive, () => tracker.take({ ...one.batch, arrivedAt: world.now }));
      // Counts are stored: without an early sweep, they are only reported later.
      if (result === "done" && (await attempt(alive, () => tracker.hurry())) === "died") restart();
      if (result === "done") waiting.splice(waiting.indexOf(one), 1);
      else if (result === "died") restart();
      if (result !== "done") waiting[waiting.indexOf(one)] = { ...one, after: minute + 1 };
    }
    const sweeper = minute % 3 === 2 ? other : tracker;
    if ((await attempt(alive, () => sweeper.sweep())) === "died") restart();
  }
  return { alerts: world.inbox.alerts, calls: faulty.calls, left: waiting.length };
}

/** Errors in the alerts that people received. */
export function wrongs(alerts: readonly Alert[], life: Life = PLAIN): string[] {
  const found: string[] = [];
  for (const [name, total] of totalsOf(life)) {
    const own = alerts.filter(({ group }) => group[0][1] === name);
    const unmarked = own.filter(({ marks }) => !marks.includes("again"));
    const ids = unmarked.map(({ id }) => id);
    for (const id of new Set(ids))
      if (ids.filter((other) => other === id).length > 1) found.push(`${id} came twice without the mark`);
    const epochs = new Set(own.filter(({ kind }) => kind === "first").map(({ id }) => id));
    const recovered = new Map(own.filter(({ kind }) => kind === "recovered").map(({ id, count }) => [id, count]));
    if (epochs.size === 0) found.push(`${name} was never told`);
    const sum = [...recovered.values()].reduce((all, count) => all + count, 0);
    if (sum !== total) found.push(`${name} must count ${total}, got ${sum}`);
    // Of alerts with the same id, one counts.
    const told = new Map(own.filter(({ kind }) => kind !== "recovered").map(({ id, count }) => [id, count]));
    const toldSum = [...told.values()].reduce((all, count) => all + count, 0);
    if (toldSum < total) found.push(`${name} must be told ${total}, got ${toldSum}`);
  }
  return found;
}
