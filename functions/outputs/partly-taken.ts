import { ThrottledError } from "../tencent/retry-after";
import { ServiceError } from "../tencent/service-error";
import type { FailedRecord } from "./output-error";

/** Why one record of a request is not there. */
export interface RecordRefusal {
  /** Its place in the request, from 0. */
  readonly index: number;
  /** The service's code. */
  readonly code: string;
  /** The service's words, which may quote the record: they are kept beside it, and never logged. */
  readonly message: string;
}

/** What became of the records of a request so far, which may have been sent several times. */
export interface TakenSoFar {
  /** How many the request has. */
  readonly total: number;
  /** Records that no further try helps. */
  readonly refused: readonly RecordRefusal[];
  /** Places of the records that another try may help. */
  readonly waiting: readonly number[];
  /** Bytes of the tries that were answered. */
  readonly bytes: number;
}

/** A request of which the service took some records, and others not. */
export class PartlyTakenError extends ThrottledError {
  override readonly name = "PartlyTakenError";
  readonly refused: readonly RecordRefusal[];
  readonly waiting: readonly number[];
  readonly bytes: number;
  readonly #last: ServiceError | undefined;

  /** @param last why those that wait are not there; undefined where none wait */
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

/** Records that were refused one by one, as they lie in quarantine. */
export class RefusedRecordsError extends ServiceError {
  override readonly name = "RefusedRecordsError";

  /** @param total records of the request that they were in */
  constructor(
    readonly records: readonly FailedRecord[],
    total: number,
  ) {
    super(records[0].code, countsOf(records, total));
  }
}

/** Codes that are told. */
const MOST_CODES = 5;

/** How many records were refused, by code: the words that came with the codes may quote records. */
function countsOf(refused: readonly { readonly code: string }[], total: number): string {
  const counts = new Map<string, number>();
  for (const { code } of refused) counts.set(code, (counts.get(code) ?? 0) + 1);
  const told = [...counts].slice(0, MOST_CODES).map(([code, count]) => `${code} (${count})`);
  const more = counts.size > MOST_CODES ? `, and ${counts.size - MOST_CODES} other codes` : "";
  return `${refused.length} of ${total} records were refused: ${told.join(", ")}${more}`;
}
