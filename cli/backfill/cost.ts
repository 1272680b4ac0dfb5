import type { Target } from "./target";

/** How much is to be read. */
export interface Amount {
  readonly inputs: number;
  /** As stored. */
  readonly bytes: number;
}

/** USD; sources: docs/quotas-and-cost.md#prices. */
const PRICES = { invocation: 0.002 / 10_000, gbSecond: 0.0000167, cosRequest: 0.0015 / 10_000 };

/**
 * Estimated duration of an invocation, as in docs/constructs/cos-batch-pipeline.md#cost: ten seconds per gigabyte of
 * log text, with four gigabytes in one gigabyte of compressed data; and the minimum duration of any invocation, for its
 * requests.
 */
const SECONDS_A_GIB = 40;
const SECONDS_AN_INPUT = 0.3;

/**
 * COS requests for an input: reading it, writing and removing the mark, the receipt, two checks for that, and one for
 * each output.
 */
const REQUESTS = 6;

/** Estimated time and cost of a backfill. */
export interface Cost {
  /** Hours of function time. */
  readonly hours: number;
  /** USD. */
  readonly memory: number;
  readonly invocations: number;
  readonly requests: number;
  readonly total: number;
}

/** Estimates the cost, without the charges of outputs for received data. */
export function costOf({ inputs, bytes }: Amount, { memoryMb, outputs }: Target): Cost {
  const seconds = inputs * SECONDS_AN_INPUT + (bytes / 2 ** 30) * SECONDS_A_GIB;
  const memory = seconds * (memoryMb / 1024) * PRICES.gbSecond;
  const invocations = inputs * PRICES.invocation;
  const requests = inputs * (REQUESTS + Object.keys(outputs).length) * PRICES.cosRequest;
  return { hours: seconds / 3600, memory, invocations, requests, total: memory + invocations + requests };
}

/** The same on one line. */
export function costLine(cost: Cost, { memoryMb }: Target): string {
  const { hours, memory, invocations, requests, total } = cost;
  return (
    `about ${durationOf(hours * 3_600_000)} of function time at ${memoryMb} MB; estimated cost ${usd(total)}: ` +
    `${usd(memory)} for memory, ${usd(invocations)} for invocations, ${usd(requests)} for requests to COS; ` +
    `see docs/quotas-and-cost.md`
  );
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.01 ? "less than 0.01 USD" : `about ${amount.toFixed(2)} USD`;
}

/** A duration in its two largest units. */
export function durationOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes in the largest binary unit. */
export function sizeOf(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}
