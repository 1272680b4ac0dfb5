import type { LiveRecord } from "../../../../functions/live/record";
import type { TailEvent } from "../../../../cli/tail/events";
import { Merge } from "../../../../cli/tail/merge";
import type { ScfLog } from "../../../../cli/tail/scf-log";

export const REGION = "ap-guangzhou";
const FUNCTION = { namespace: "default", function: "orders" };

/** A delivery of a lane: its time in milliseconds, and its content. */
export type Delivery = { readonly at: number } & (
  | { readonly lane: "fast"; readonly record: LiveRecord }
  | { readonly lane: "slow"; readonly log: ScfLog; readonly id: string }
);

/** A line of an instance, and what happened to it in both lanes. */
export interface WrittenLine {
  readonly text: string;
  readonly instance: string;
  readonly requestId: string;
  readonly seqs: readonly number[];
  isInFast: boolean;
  isInSlow: boolean;
}

/** How unreliable the lanes are, each from 0 to 1. */
export interface Weather {
  readonly fastLoss: number;
  readonly slowLoss: number;
  readonly repeats: number;
  /** Maximum delay of a lane's batch, in milliseconds. */
  readonly fastDelay: number;
  readonly slowDelay: number;
  /** Whether batches of the fast lane can overtake each other. */
  readonly overtakes: boolean;
  /** Whether lines of a request can have the same text. */
  readonly sameTexts?: boolean;
}

export interface History {
  readonly lines: readonly WrittenLine[];
  readonly deliveries: readonly Delivery[];
  /** Instances of which a later record arrived than all that were lost. */
  readonly endsSeen: ReadonlySet<string>;
}

const between = (random: () => number, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1));

/** A random history of a function: its instances, their requests and output, and how both lanes delivered it. */
export function history(random: () => number, weather: Weather): History {
  const lines: WrittenLine[] = [];
  const deliveries: Delivery[] = [];
  const endsSeen = new Set<string>();
  const instances = between(random, 1, 4);
  for (let number = 0; number < instances; number++) {
    const instance = number.toString(16).padStart(16, "a");
    live(random, weather, instance, lines, deliveries, endsSeen);
  }
  return { lines, deliveries: deliveries.sort((a, b) => a.at - b.at), endsSeen };
}

function live(
  random: () => number,
  weather: Weather,
  instance: string,
  lines: WrittenLine[],
  deliveries: Delivery[],
  endsSeen: Set<string>,
): void {
  const chance = (share: number): boolean => random() < share;
  let seq = 0;
  let time = 1_000_000 + between(random, 0, 5_000);
  const records: { record: LiveRecord; line?: WrittenLine }[] = [];
  const logs: { log: ScfLog; id: string; line?: WrittenLine }[] = [];
  const common = (requestId: string) => ({
    ...{ ...FUNCTION, version: "$LATEST", instance, seq: ++seq, requestId, time: time * 1000, late: false },
  });
  const scf = (requestId: string) => ({ ...FUNCTION, version: "$LATEST", requestId, time: time * 1000, retry: 0 });
  const requests = between(random, 1, 4);
  for (let number = 0; number < requests; number++) {
    const requestId = `${instance.slice(-2)}-${number}`;
    const count = between(random, 0, 12);
    const isKilled = chance(0.2);
    logs.push({ log: { kind: "start", ...scf(requestId) }, id: `${requestId}/start` });
    for (let line = 0; line < count; line++) {
      time += between(random, 0, 400);
      const isOutside = number === 0 && line === 0;
      const pieces = chance(0.1) ? between(random, 2, 4) : 1;
      const text = `${requestId} line ${weather.sameTexts ? line % 3 : line}`;
      const seqs: number[] = [];
      const written: WrittenLine = { text, instance, requestId, seqs, isInFast: true, isInSlow: true };
      for (let piece = 1; piece <= pieces; piece++) {
        const part =
          pieces === 1 ? text : text.slice(((piece - 1) * text.length) / pieces, (piece * text.length) / pieces);
        const one = {
          kind: "line" as const,
          ...common(isOutside ? "" : requestId),
          level: "info",
          stream: "stdout" as const,
        };
        const record = { ...one, text: part, ...(pieces > 1 && { piece: { number: piece, of: pieces } }) };
        seqs.push(record.seq);
        records.push({ record, line: written });
      }
      lines.push(written);
      const scfLine = { kind: "line" as const, ...scf(requestId), level: "", text, isPlatform: false, isCut: false };
      logs.push({ log: scfLine, id: `${requestId}/${line}`, line: written });
    }
    const outside = number === 0 && count > 0 ? 1 : 0;
    if (!isKilled) records.push({ record: { kind: "end", ...common(requestId), lines: count - outside } });
    logs.push({ log: { kind: "end", ...scf(requestId) }, id: `${requestId}/end` });
    const outcome = isKilled ? ("timeout" as const) : ("ok" as const);
    logs.push({ log: { kind: "report", ...scf(requestId), outcome }, id: `${requestId}/report` });
    time += between(random, 0, 3_000);
    if (isKilled) break;
  }

  let batchAt = 0;
  records.forEach(({ record, line }, index) => {
    // The last record of an instance can be lost with it, which is undetectable.
    if (chance(0.3) || index === 0) batchAt = between(random, 0, weather.fastDelay);
    if (chance(weather.fastLoss)) {
      if (line) line.isInFast = false;
      return;
    }
    const previous = weather.overtakes ? 0 : (lastAt(deliveries, instance) ?? 0);
    const at = Math.max(previous, record.time / 1000 + batchAt);
    deliveries.push({ at, lane: "fast", record });
    if (chance(weather.repeats)) deliveries.push({ at: at + between(random, 0, 10_000), lane: "fast", record });
    if (index === records.length - 1) endsSeen.add(instance);
  });
  let slowAt = 0;
  for (const { log, id, line } of logs) {
    if (line && chance(weather.slowLoss)) {
      line.isInSlow = false;
      continue;
    }
    slowAt = Math.max(slowAt, log.time / 1000 + between(random, 0, weather.slowDelay));
    deliveries.push({ at: slowAt, lane: "slow", log, id });
    if (chance(weather.repeats)) deliveries.push({ at: slowAt + between(random, 0, 10_000), lane: "slow", log, id });
  }
}

function lastAt(deliveries: readonly Delivery[], instance: string): number | undefined {
  const before = deliveries.filter((one) => one.lane === "fast" && one.record.instance === instance);
  return before.at(-1)?.at;
}

/** What a tail would show of it. */
export function merged({ deliveries }: Pick<History, "deliveries">, windowMs: number): TailEvent[] {
  const merge = new Merge(windowMs);
  const events: TailEvent[] = [];
  let now = 0;
  for (const delivery of deliveries) {
    // Time passes, and the tail checks its clock periodically.
    while (delivery.at - now > 500) events.push(...merge.take((now = now === 0 ? delivery.at : now + 500)));
    now = delivery.at;
    if (delivery.lane === "fast") merge.fast(delivery.record, REGION, now);
    else merge.slow(delivery.log, delivery.id, REGION, now);
    events.push(...merge.take(now));
  }
  for (let step = 0; step < 60; step++) events.push(...merge.take((now += 500)));
  return [...events, ...merge.flush(now)];
}
