import type { Alert } from "../alert/alert";
import { again } from "./alerts";
import { type Context, receiversThatFailed } from "./context";
import { inParallel } from "./in-parallel";
import { claimKey, CLAIMS, markKey, MARKS, marksKey, mutedKey } from "./keys";
import type { Ledger, Outgoing } from "./ledger";
import { countsOf, settle, withTakenOver } from "./marks";
import { type Claim, type Count, type Mark, type MarkList, type Muted, parse } from "./objects";

type Marks = ReadonlyMap<string, Mark | undefined>;

/**
 * What a sweep does immediately: opens, closes, takes over, sends.
 *
 * @param isRepeat whether a dead sweeper may already have done it
 * @returns ids of alerts that no receiver accepted or quarantined
 */
export async function announce(context: Context, ledger: Ledger, isRepeat: boolean): Promise<string[]> {
  const { store } = context;
  const { opened, closed, takenOver, outbox } = ledger.work;
  const lost = new Set<string>();
  await inParallel(opened, async ({ group, epoch, alert }) => {
    const key = claimKey(group, epoch);
    const claim: Claim = { ...SWEPT, by: ledger.by, at: ledger.at, alert };
    if ((await store.create(key, JSON.stringify(claim))) === "created") return;
    if (parse<Claim>(key, await store.get(key))?.position !== SWEPT.position) lost.add(key);
  });
  await inParallel(closed, async ({ group, epoch, next }) => {
    const body = JSON.stringify({ version: 1, next });
    await store.put(claimKey(group, epoch), body);
    if (epoch !== 0) await store.put(claimKey(group, 0), body);
  });
  await inParallel(takenOver, async ({ mark, at, counted }) => {
    const before = parse<Mark>(mark, await store.get(mark));
    await store.put(mark, JSON.stringify(withTakenOver(before, at, counted)));
  });
  const due = outbox.filter(({ opens }) => !opens || !lost.has(claimKey(opens.group, opens.epoch)));
  return sendAll(context, isRepeat ? due.map(({ alert }) => ({ alert: again(alert) })) : due);
}

const SWEPT = { version: 1, source: "", position: "sweep", countKey: "", counted: {} } as const;

/** In order within a group, otherwise concurrently. */
async function sendAll(context: Context, outbox: readonly Outgoing[]): Promise<string[]> {
  const lines = new Map<string, Alert[]>();
  for (const { alert } of outbox) {
    const line = JSON.stringify([alert.monitor, alert.group, alert.isOthers]);
    lines.set(line, [...(lines.get(line) ?? []), alert]);
  }
  const sending = [...lines.values()].map(async (alerts) => {
    const ids: string[] = [];
    for (const alert of alerts) if (!(await isSent(context, alert))) ids.push(alert.id);
    return ids;
  });
  return (await Promise.all(sending)).flat();
}

async function isSent(context: Context, alert: Alert): Promise<boolean> {
  return (await receiversThatFailed(context, alert)).length === 0;
}

/**
 * The part of a sweep that is left to the next one: marks what was summed, and removes it; removes old objects.
 *
 * @param known marks from summing, if this instance did it
 */
export async function tidy({ store }: Context, { number, work }: Ledger, known?: Marks): Promise<void> {
  const marks = known ?? (await marksOf({ store }, work.consumed));
  const touched = new Set([
    ...[...marks].flatMap(([key, mark]) => (mark ? [key] : [])),
    ...work.takenOver.map(({ mark }) => mark),
  ]);
  if (touched.size > 0) {
    const list: MarkList = { version: 1, marks: [...touched] };
    await store.put(marksKey(number), JSON.stringify(list));
  }
  await inParallel([...marks], async ([key, mark]) => {
    if (mark) await store.put(key, JSON.stringify(mark));
  });
  await inParallel(work.consumed, (key) => store.remove(key));
  // The last reported number of a group.
  const muted = new Map(work.muted.map(({ group, count }) => [group, count]));
  await inParallel([...muted], ([group, count]) => {
    const body: Muted = { version: 1, count };
    return count > 0 ? store.put(mutedKey(group), JSON.stringify(body)) : store.remove(mutedKey(group));
  });
  await inParallel(work.forgotten, ({ group, next }) => forget({ store }, group, next));
  await inParallel(work.removed, (key) => remove({ store }, key));
}

/** Marks of counts that still exist. The marks of the others were already written. */
async function marksOf({ store }: Pick<Context, "store">, consumed: readonly string[]): Promise<Marks> {
  const read = await inParallel(consumed, async (key) => parse<Count>(key, await store.get(key)));
  const counts = read.filter((count) => count !== undefined).sort((one, other) => one.at - other.at);
  const marks = new Map<string, Mark | undefined>();
  for (const count of counts) {
    const key = markKey(count.source.name, count.position);
    const before = marks.get(key) ?? parse<Mark>(key, await store.get(key));
    marks.set(key, settle(before, count.at, countsOf(count)).mark);
  }
  return marks;
}

/**
 * Makes it impossible to open the next epoch, so that everyone starts at 0. If an instance was faster, it has opened
 * the group.
 */
async function forget({ store }: Pick<Context, "store">, group: string, next: number): Promise<void> {
  const key = claimKey(group, next);
  const created = await store.create(key, JSON.stringify({ version: 1, isForgotten: true }));
  if (created === "exists" && !parse<Claim>(key, await store.get(key))?.isForgotten) return;
  await remove({ store }, claimKey(group, 0));
}

async function remove({ store }: Pick<Context, "store">, key: string): Promise<void> {
  if (key.startsWith(MARKS)) {
    const list = parse<MarkList>(key, await store.get(key));
    await inParallel(list?.marks ?? [], (mark) => store.remove(mark));
  } else if (key.startsWith(CLAIMS)) {
    const claim = parse<Claim>(key, await store.get(key));
    // It was opened again.
    if (claim && claim.next === undefined && !claim.isForgotten) return;
  }
  await store.remove(key);
}
