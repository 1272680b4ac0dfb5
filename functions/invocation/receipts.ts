import type { ParseCounts } from "../parser/counts";
import { leaveReceipt, type Receipt } from "../quarantine/receipts";
import { logError } from "../runtime/log";
import { type Failure, failureOf } from "./failure";
import type { Session } from "./session";

/** An input that came to its end, one way or the other. */
export interface Ended extends Pick<ParseCounts, "lines" | "records" | "invalid"> {
  /** As places name it. */
  readonly name: string;
  /** That of its receipt: `bucket/key`. */
  readonly path: string;
  /** Bytes of it as it is stored. */
  readonly bytes: number;
  readonly eTag?: string;
  /** Keys of the batches of it that lie in quarantine. */
  readonly left: readonly string[];
}

/** Names of backfills. */
const RUN = /^[\w-]{1,64}$/;

/** The receipts of an invocation: none, unless a backfill asked for its inputs to be read, or a sweep looks for them. */
export class Receipts {
  readonly #session: Session;
  /** The backfill that asked; undefined where none did. */
  readonly run: string | undefined;
  readonly #isSwept: boolean;

  /** @param event which says `backfill` where one asks */
  constructor(session: Session, event: unknown) {
    const run = (event as { backfill?: unknown } | null | undefined)?.backfill;
    this.#session = session;
    this.#isSwept = session.settings.catchUp?.sweep !== undefined;
    this.run = typeof run === "string" && RUN.test(run) ? run : undefined;
  }

  /** All records of the input are stored. */
  async done(ended: Ended): Promise<void> {
    if (this.run === undefined && !this.#isSwept) return;
    await this.#leave(ended, { outcome: "done", ...(this.run !== undefined && { run: this.run }) });
  }

  /** The input has a note, and this invocation is its last try. */
  async quarantined(ended: Ended, reason: Failure): Promise<void> {
    if (this.run !== undefined) await this.#leave(ended, { outcome: "quarantined", run: this.run, reason });
  }

  /** One that cannot be written is told: the input may be read once more for want of it, and no record is lost. */
  async #leave(ended: Ended, what: Pick<Receipt, "outcome" | "run" | "reason">): Promise<void> {
    const { name, path, eTag, records, lines, invalid, bytes, left } = ended;
    const { context, quarantine } = this.#session;
    // A batch is its records and its note.
    const batches = left.filter((key) => key.endsWith(".json")).length;
    const receipt: Receipt = {
      version: 1,
      input: name,
      eTag,
      ...what,
      records,
      lines,
      invalid,
      bytes,
      ...(batches > 0 && { left: batches }),
      requestId: context.requestId,
      time: new Date().toISOString(),
    };
    try {
      await leaveReceipt(quarantine, path, receipt);
    } catch (error) {
      logError(`its receipt cannot be written: ${name}: ${failureOf(error).message}`);
    }
  }
}
