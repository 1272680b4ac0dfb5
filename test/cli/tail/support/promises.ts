import type { LineEvent, LostEvent, TailEvent } from "../../../../cli/tail/events";
import { seeded } from "../../../faults/support/random";
import { type History, history, merged, type Weather, type WrittenLine } from "./lanes";

const calm: Weather = { fastLoss: 0, slowLoss: 0, repeats: 0, fastDelay: 300, slowDelay: 2_000, overtakes: false };
export const WEATHERS: Readonly<Record<string, Weather>> = {
  "all is well": calm,
  "both lanes repeat themselves": { ...calm, repeats: 0.5 },
  "batches of the fast lane overtake one another": { ...calm, overtakes: true, fastDelay: 3_000 },
  "the fast lane loses a third": { ...calm, fastLoss: 0.3 },
  "the slow lane loses a third": { ...calm, slowLoss: 0.3 },
  "the slow lane is faster": { ...calm, fastDelay: 8_000, slowDelay: 50 },
  "the slow lane is a minute behind": { ...calm, slowDelay: 60_000 },
  "the fast lane brings nothing": { ...calm, fastLoss: 1 },
  "the slow lane brings no line": { ...calm, slowLoss: 1 },
  "all at once": { fastLoss: 0.2, slowLoss: 0.2, repeats: 0.3, fastDelay: 6_000, slowDelay: 20_000, overtakes: true },
};

/**
 * Lines with equal texts, of which each lane loses some, in histories without split lines: every loss is reported. If
 * nothing is lost, each line is shown once.
 */
export function expectNoneInSilence(seed: number, weather: Weather): void {
  const life = history(seeded(seed), { ...weather, sameTexts: true });
  const events = merged(life, 0);
  const lost = events.filter(isLost);
  const texts = new Map<string, WrittenLine[]>();
  for (const line of life.lines) texts.set(line.text, [...(texts.get(line.text) ?? []), line]);
  for (const [text, lines] of texts) {
    const shown = events.filter(isLine).filter((event) => event.text === text).length;
    const came = lines.filter(({ isInFast, isInSlow }) => isInFast || isInSlow).length;
    const [{ instance, requestId }] = lines;
    const ofThese = lost.filter((one) => one.instance === instance || one.requestId === requestId);
    const told = ofThese.reduce((sum, { count = 0 }) => sum + count, 0);
    const hasPieces = lines.some(({ seqs }) => seqs.length > 1);
    // If a lane's loss is undetectable, two lines with equal texts count as one.
    const couldBeKnown = life.endsSeen.has(instance) && lines[0].seqs[0] > firstSeen(events, instance);
    if (shown + told < came && !hasPieces && couldBeKnown) {
      throw new Error(`LOGS_SEED=${seed}: ${text} came ${came} times, ${shown} were shown and ${told} told`);
    }
    if (weather.fastLoss + weather.slowLoss === 0 && shown !== lines.length) {
      throw new Error(`LOGS_SEED=${seed}: ${text} was written ${lines.length} times, and ${shown} were shown`);
    }
  }
}

/** Creates the history of a seed, merges its lanes, and checks all promises of a tail. Throws with the seed. */
export function expectPromises(seed: number, weather: Weather, windowMs: number): void {
  const life = history(seeded(seed), weather);
  const events = merged(life, windowMs);
  try {
    expectEachOnce(life, events);
    expectInOrder(life, events);
    expectRequests(events);
  } catch (error) {
    throw new Error(`LOGS_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  }
}

const isLine = (event: TailEvent): event is LineEvent => event.type === "line" || event.type === "late";
const isLost = (event: TailEvent): event is LostEvent => event.type === "lost";

/** Each line is shown once. A line that no lane delivered is reported, if a later record of its instance reveals it. */
function expectEachOnce({ lines, endsSeen }: History, events: readonly TailEvent[]): void {
  const written = new Set(lines.map(({ text }) => text));
  const shown = new Set<string>();
  // Of a line with missing pieces, those that arrived are shown, marked as incomplete.
  const parts = events.filter(isLine).filter(({ text }) => text.startsWith("["));
  for (const { text } of events.filter(isLine)) {
    if (text.startsWith("[")) continue;
    if (shown.has(text)) throw new Error(`${text} came twice`);
    if (!written.has(text)) throw new Error(`${text} was never written`);
    shown.add(text);
  }
  const lost = events.filter(isLost);
  for (const line of lines) {
    if (shown.has(line.text)) continue;
    // Pieces that arrived far apart are shown separately, each marked as incomplete.
    const isPart = parts.some(({ requestId, instance }) => requestId === line.requestId || instance === line.instance);
    if (line.seqs.length > 1 && isPart) continue;
    if (line.isInFast || line.isInSlow) throw new Error(`${line.text} came and was not shown`);
    const isTold = lost.some(
      ({ instance, from = Infinity, to = 0, requestId, reason }) =>
        (instance === line.instance && line.seqs.some((seq) => from <= seq && seq <= to)) ||
        (reason === "neither" && requestId === line.requestId),
    );
    // A tail that started with the second record can know neither of the first, nor of anything after the last.
    const couldBeKnown = endsSeen.has(line.instance) && line.seqs[0] > firstSeen(events, line.instance);
    if (couldBeKnown && !isTold) throw new Error(`${line.text} is missing in silence`);
  }
}

function firstSeen(events: readonly TailEvent[], of: string): number {
  const seqs = events.flatMap((event) => (isLine(event) && event.instance === of && event.seq > 0 ? [event.seq] : []));
  return Math.min(Infinity, ...seqs);
}

/**
 * Except for marked ones, the lines of an instance are shown in order. SCF's own log does not contain the instance:
 * lines that only it delivered are in the order of their request.
 */
function expectInOrder({ lines }: History, events: readonly TailEvent[]): void {
  const placeOf = new Map(lines.map(({ text }, place) => [text, place]));
  const last = new Map<string, number>();
  for (const event of events) {
    if (event.type !== "line") continue;
    const place = placeOf.get(event.text) ?? -1;
    const { requestId } = lines[place] ?? { requestId: "" };
    for (const writer of event.lane === "fast" ? [requestId, event.instance] : [requestId]) {
      if (place <= (last.get(writer) ?? -1)) throw new Error(`${event.text} came after what was written later`);
      last.set(writer, place);
    }
  }
}

/** Every request begins before it ends, and both are reported once. */
function expectRequests(events: readonly TailEvent[]): void {
  const started = events.flatMap((event) => (event.type === "request_started" ? [event.requestId] : []));
  const finished = events.flatMap((event) => (event.type === "request_finished" ? [event.requestId] : []));
  expect(new Set(started).size).toBe(started.length);
  expect(new Set(finished).size).toBe(finished.length);
  expect([...finished].sort()).toEqual([...started].sort());
}
