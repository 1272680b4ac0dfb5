import { ThrottledError } from "../tencent/retry-after";
import { ServiceError } from "../tencent/service-error";
import type { FailedRecord } from "./output-error";

/** Why one record of a request was not stored. */
export interface RecordRefusal {
  /** Its index in the request, from 0. */
  readonly index: number;
  /** The service's code. */
  readonly code: string;
  /** The service's message, which can quote the record: it is stored with the record, and never logged. */
  readonly message: string;
}

/** State of the records of a request, after one or more attempts. */
export interface TakenSoFar {
  /** Number of records in the request. */
  readonly total: number;
  /** Records that no retry can deliver. */
  readonly refused: readonly RecordRefusal[];
  /** Indexes of the records that a retry can deliver. */
  readonly waiting: readonly number[];
  /** Bytes of the attempts that were answered. */
  readonly bytes: number;
}

/** A request of which the service accepted only some records. */
export class PartlyTakenError extends ThrottledError {
  override readonly name = "PartlyTakenError";
  readonly refused: readonly RecordRefusal[];
  readonly waiting: readonly number[];
  readonly bytes: number;
  readonly #last: ServiceError | undefined;

  /** @param last why the waiting records are missing; undefined if none are waiting */
  constructor(
    { total, refused, waiting, bytes }: TakenSoFar,
    last?: ServiceError & { readonly retryAfterMs?: number },
  ) {
    const { code, message } = last ?? { code: refused[0].code, message: countsOf(refused, total) };
    super(code, message, last?.statusCode, last?.requestId, last?.retryAfterMs);
    this.refused = refused;
    this.waiting = waiting;
    this.bytes = bytes;
    this.#last = last;
  }

  override get transient(): boolean {
    return this.#last?.transient ?? false;
  }

  override get tooLarge(): boolean {
    return this.#last?.tooLarge ?? false;
  }
}

/** Individually refused records, as stored in quarantine. */
export class RefusedRecordsError extends ServiceError {
  override readonly name = "RefusedRecordsError";

  /** @param total number of records in their request */
  constructor(
    readonly records: readonly FailedRecord[],
    total: number,
  ) {
    super(records[0].code, countsOf(records, total));
  }
}

/** Maximum codes in the message. */
const MOST_CODES = 5;

/** The number of refused records by code; the messages are left out because they can quote records. */
function countsOf(refused: readonly { readonly code: string }[], total: number): string {
  const counts = new Map<string, number>();
  for (const { code } of refused) counts.set(code, (counts.get(code) ?? 0) + 1);
  const told = [...counts].slice(0, MOST_CODES).map(([code, count]) => `${code} (${count})`);
  const more = counts.size > MOST_CODES ? `, and ${counts.size - MOST_CODES} other codes` : "";
  return `${refused.length} of ${total} records were refused: ${told.join(", ")}${more}`;
}
