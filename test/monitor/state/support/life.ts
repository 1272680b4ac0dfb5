import { type Alert, type BatchMatches, MemoryStore, type Tracker } from "../../../../monitor";
import { type Fault, FaultyCalls } from "./faulty";
import { fileOf, MINUTE, monitor, START, World } from "./world";

export const FAULTS: readonly Fault[] = ["refused", "forgotten", "killed before", "killed after"];

/** Groups of the monitors, and how many of each match in all. */
const TOTALS: Readonly<Record<string, number>> = { a: 1 + 2 + 4, b: 3, c: 5, d: 7 };

/** The life of three groups: opened, counted, closed, opened again; batches of two sources, one of which comes twice. */
function script(world: World): { readonly after: number; readonly batch: BatchMatches }[] {
  const at = (minutes: number): number => START + minutes * MINUTE + 5_000;
  const batch = (position: string, matches: Record<string, number>, minutes: number) => ({
    after: minutes,
    batch: world.batch(position, matches, { at: at(minutes), source: position.startsWith("g") ? "gz" : "sg" }),
  });
  return [
    batch("g1", { a: 1, b: 3 }, 0),
    batch("s1", { a: 2 }, 0),
    batch("g1", { a: 1, b: 3 }, 1),
    batch("g2", { c: 5 }, 2),
    // When all is closed.
    batch("s2", { a: 4, d: 7 }, 8),
    batch("g1", { a: 1, b: 3 }, 9),
  ];
}

/** Does some work until it is done or its process ends. */
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

/** The whole life, in which one call goes wrong; what fails comes again a minute later, what died is started again. */
export async function live(
  at: number,
  fault: Fault,
): Promise<{ readonly alerts: readonly Alert[]; readonly calls: readonly string[]; readonly left: number }> {
  const store = new MemoryStore();
  const world = new World(fileOf(monitor({ windowMs: 3 * MINUTE })), store);
  const faulty = new FaultyCalls(at, fault);
  let tracker: Tracker = world.tracker(faulty.store(store), faulty.sender(world.inbox));
  // Undefined once its process has ended.
  let alive: FaultyCalls | undefined = faulty;
  const restart = (): void => {
    alive = undefined;
    tracker = world.tracker();
  };
  const other = world.tracker();
  const waiting = [...script(world)];
  for (let minute = 0; minute < 22; minute++) {
    world.now = START + minute * MINUTE + 5_000;
    const due = waiting.filter(({ after }) => after <= minute);
    for (const one of due) {
      // The process that may die takes most of it, and so does the one that it leaves behind.
      const result = await attempt(alive, () => tracker.take({ ...one.batch, arrivedAt: world.now }));
      if (result === "done") waiting.splice(waiting.indexOf(one), 1);
      else if (result === "died") restart();
      if (result !== "done") waiting[waiting.indexOf(one)] = { ...one, after: minute + 1 };
    }
    const sweeper = minute % 3 === 2 ? other : tracker;
    if ((await attempt(alive, () => sweeper.sweep())) === "died") restart();
  }
  return { alerts: world.inbox.alerts, calls: faulty.calls, left: waiting.length };
}

/** What is wrong with what people were told. */
export function wrongs(alerts: readonly Alert[]): string[] {
  const found: string[] = [];
  for (const [name, total] of Object.entries(TOTALS)) {
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
    // Of what is told again under the same id, one counts.
    const told = new Map(own.filter(({ kind }) => kind !== "recovered").map(({ id, count }) => [id, count]));
    const toldSum = [...told.values()].reduce((all, count) => all + count, 0);
    if (toldSum < total) found.push(`${name} must be told ${total}, got ${toldSum}`);
  }
  return found;
}
