import type { ParseCounts } from "../parser/counts";
import { leaveReceipt, type Receipt } from "../quarantine/receipts";
import { logError } from "../runtime/log";
import { type Failure, failureOf } from "./failure";
import type { Session } from "./session";

/** An input whose handling has ended, successfully or not. */
export interface Ended extends Pick<ParseCounts, "lines" | "records" | "invalid"> {
  /** Its name as in places. */
  readonly name: string;
  /** Path of its receipt: `bucket/key`. */
  readonly path: string;
  /** Number of its stored bytes. */
  readonly bytes: number;
  readonly eTag?: string;
  /** Keys of its batches in quarantine. */
  readonly left: readonly string[];
}

/** Names of backfills. */
const RUN = /^[\w-]{1,64}$/;

/** The receipts of an invocation. They are written only if a backfill asked for its inputs, or a sweep needs them. */
export class Receipts {
  readonly #session: Session;
  /** The backfill that asked for the inputs, if any. */
  readonly run: string | undefined;
  readonly #isSwept: boolean;

  /** @param event contains `backfill` if one asked for it */
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

  /** The input has a note, and this invocation was its last attempt. */
  async quarantined(ended: Ended, reason: Failure): Promise<void> {
    if (this.run !== undefined) await this.#leave(ended, { outcome: "quarantined", run: this.run, reason });
  }

  /** A receipt that cannot be written is logged: the input can then be read again, and no record is lost. */
  async #leave(ended: Ended, what: Pick<Receipt, "outcome" | "run" | "reason">): Promise<void> {
    const { name, path, eTag, records, lines, invalid, bytes, left } = ended;
    const { context, quarantine } = this.#session;
    // A batch consists of its records and its note.
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
