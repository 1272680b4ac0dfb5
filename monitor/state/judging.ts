import type { Alert } from "../alert/alert";
import type { Monitor } from "../definition/types";
import { groupAlert, labelsOf, sourceAlert, type Subject, type Told } from "./alerts";
import { isQuiet, mutedUntil } from "./calendar";
import type { Context } from "./context";
import { claimKey } from "./keys";
import type { GroupState, Ledger, OpenGroup } from "./ledger";
import type { Seen } from "./objects";

/** Milliseconds in which a delivery can be repeated, with a margin: CLS retries for six hours. */
export const REPEATS_MS = 7 * 3600_000;

/** Milliseconds for which the claim of a closed epoch is kept, because an instance may be about to use it. */
const CLOSED_MS = 3600_000;

/** Decides, from the ledger, which groups a sweep reports, opens, closes and forgets. */
export function judgeGroups({ monitors }: Context, ledger: Ledger): void {
  for (const [key, state] of Object.entries(ledger.groups)) {
    const monitor = monitors.get(state.monitor);
    if (state.open) judgeOpen(ledger, key, state, state.open, monitor);
    else if (state.muted && isMuteForgotten(state, monitor, ledger.at)) {
      delete state.muted;
      ledger.work.muted.push({ group: key, count: 0 });
    } else if (isForgettable(state, ledger.at)) forget(ledger, key, state);
  }
}

function judgeOpen(
  ledger: Ledger,
  key: string,
  state: GroupState,
  open: OpenGroup,
  monitor: Monitor | undefined,
): void {
  const { at, number } = ledger;
  // If a clock was wrong, times in the future are set to now.
  open.lastArrival = Math.min(open.lastArrival, at);
  open.toldAt = Math.min(open.toldAt, at);
  const subject = monitor && { monitor, key, group: state.group, isOthers: state.isOthers === true, ...open };
  if (subject && open.openedBy === number) {
    const alert = groupAlert("first", subject, toldOf(open, open.total));
    ledger.work.opened.push({ group: key, epoch: open.epoch, alert });
  }
  // The monitor was removed from the definition: nobody is notified.
  if (!subject) return close(ledger, key, state, open);
  if (isQuiet(subject.monitor, at) || open.claim) return;
  const isSilent = at - open.lastArrival >= subject.monitor.windowMs && open.openedBy !== number;
  if (mutedUntil(subject.monitor, state.group, at) === undefined) tell(ledger, key, state, open, subject, isSilent);
  else keepMuted(ledger, key, state, open);
  if (isSilent) close(ledger, key, state, open);
}

function tell(
  ledger: Ledger,
  key: string,
  state: GroupState,
  open: OpenGroup,
  subject: Subject,
  isSilent: boolean,
): void {
  const { at, number, work } = ledger;
  const untold = open.total - open.told;
  const isDue = isSilent || at - open.toldAt >= subject.monitor.windowMs;
  if (!open.isTold) {
    const alert = groupAlert("first", subject, toldOf(open, untold, wordsOfFirst(subject.monitor, state, open)));
    const opens = open.openedBy === number ? { opens: { group: key, epoch: open.epoch } } : {};
    work.outbox.push({ alert, ...opens });
    if (state.muted) {
      delete state.muted;
      work.muted.push({ group: key, count: 0 });
    }
    hasTold(open, at);
  } else if (untold > 0 && isDue) {
    work.outbox.push({ alert: groupAlert("more", subject, toldOf(open, untold), number) });
    hasTold(open, at);
  }
  if (!isSilent) return;
  const { total, regions, firstAt, lastAt, lastArrival, source } = open;
  const told = { count: total, regions, firstAt, lastAt, arrivedAt: lastArrival, source, isLate: false };
  work.outbox.push({ alert: groupAlert("recovered", subject, told) });
}

function wordsOfFirst(monitor: Monitor, { muted }: GroupState, open: OpenGroup): string | undefined {
  const words = [
    ...(isQuiet(monitor, open.fresh?.arrivedAt ?? open.openedAt) ? ["held back in quiet hours"] : []),
    ...(muted ? [`${muted} before it were muted`] : []),
  ];
  return words.length === 0 ? undefined : words.join("; ");
}

function toldOf(open: OpenGroup, count: number, words?: string): Told {
  const { fresh, source, sample } = open;
  const { firstAt, lastAt, arrivedAt, regions } = fresh ?? { ...open, arrivedAt: open.lastArrival };
  return { count, regions, firstAt, lastAt, arrivedAt, source, sample, words, isLate: fresh?.isLate ?? false };
}

function hasTold(open: OpenGroup, at: number): void {
  open.told = open.total;
  open.isTold = true;
  open.toldAt = at;
  delete open.fresh;
  delete open.sample;
}

function keepMuted(ledger: Ledger, key: string, state: GroupState, open: OpenGroup): void {
  const untold = open.total - open.told;
  if (untold <= 0) return;
  state.muted = (state.muted ?? 0) + untold;
  ledger.work.muted.push({ group: key, count: state.muted });
  hasTold(open, open.toldAt);
}

function close(ledger: Ledger, key: string, state: GroupState, { epoch }: OpenGroup): void {
  state.next = ledger.number;
  state.closedAt = ledger.at;
  delete state.open;
  ledger.work.closed.push({ group: key, epoch, next: state.next });
  // The claim of epoch 0 leads to the next epoch until the group is forgotten.
  if (epoch !== 0) ledger.trash.push([ledger.at + CLOSED_MS, claimKey(key, epoch)]);
}

/** Whether a mute ended long ago without a later match that could have reported the number. */
function isMuteForgotten({ group }: GroupState, monitor: Monitor | undefined, at: number): boolean {
  return !monitor || mutedUntil(monitor, group, at - REPEATS_MS) === undefined;
}

function isForgettable({ closedAt, pool, muted }: GroupState, at: number): boolean {
  return !pool && !muted && (closedAt === undefined || Math.abs(at - closedAt) >= REPEATS_MS);
}

function forget(ledger: Ledger, key: string, { next }: GroupState): void {
  delete ledger.groups[key];
  // It was never opened.
  if (next === 0) return;
  ledger.work.forgotten.push({ group: key, next });
  ledger.trash.push([ledger.at + CLOSED_MS, claimKey(key, next)]);
}

/**
 * Sources that have gone silent, and those that have records again.
 * @param seen when the last record of each arrived
 */
export function judgeSources({ file, monitors }: Context, ledger: Ledger, seen: ReadonlyMap<string, Seen>): void {
  const { at, sources, work } = ledger;
  for (const [name, last] of seen) {
    const state = (sources[name] ??= { seenAt: last.at, missing: {} });
    state.seenAt = Math.min(Math.max(state.seenAt, last.at), at);
    if (last.topic) state.topic = last.topic;
  }
  for (const monitor of monitors.values()) {
    if (!monitor.missing) continue;
    const { forMs } = monitor.missing;
    const isHeld = isQuiet(monitor, at) || mutedUntil(monitor, [], at) !== undefined;
    for (const name of monitor.sources) {
      const source = file.sources[name];
      if (!source) continue;
      const state = (sources[name] ??= { seenAt: at, missing: {} });
      const ref = { name, topic: source.topic || (state.topic ?? ""), region: source.region };
      const labels = labelsOf(file, monitor, ref);
      const tellOf = (kind: "missing" | "returned", since: number, words: string): Alert =>
        sourceAlert(kind, monitor, ref, since, { at, labels, words });
      let silence = state.missing[monitor.name] as (typeof state.missing)[string] | undefined;
      if (!silence && at - state.seenAt >= forMs) {
        silence = state.missing[monitor.name] = { since: state.seenAt, isTold: false };
      }
      if (!silence) continue;
      if (state.seenAt > silence.since) silence.until ??= state.seenAt;
      if (isHeld) continue;
      if (!silence.isTold)
        work.outbox.push({ alert: tellOf("missing", silence.since, missingWords(source.form, forMs)) });
      silence.isTold = true;
      if (silence.until === undefined) continue;
      work.outbox.push({ alert: tellOf("returned", silence.since, "its records arrive again") });
      delete state.missing[monitor.name];
    }
  }
}

function missingWords(form: "push" | "pull", forMs: number): string {
  const silence = `no record for ${Math.round(forMs / 1000)} s`;
  return form === "push" ? `${silence}: it is silent, or its delivery has stopped` : silence;
}
