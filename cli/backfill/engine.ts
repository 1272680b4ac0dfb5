import type { Receipt } from "../../functions/quarantine/receipts";
import { receiptKey } from "../../functions/quarantine/receipts";
import { keyOf } from "../../functions/outputs/key";
import { objectIn } from "../../functions/runtime/checked-json";
import { ApiClient } from "../../functions/tencent/api-client";
import type { CosClient } from "../../functions/tencent/cos-client";
import { isMissing } from "../../functions/tencent/cos-error";
import type { Credentials } from "../../functions/tencent/credentials";
import { type RetryPolicy, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import type { Fate } from "./journal";
import type { Engine } from "./runner";
import type { Target } from "./target";

/** A backfill takes hours and should survive a short outage: about ten minutes of retries. */
const PATIENT: RetryPolicy = { retries: 30, baseDelayMs: 200, maxDelayMs: 30_000 };

/** Milliseconds for which an object that is too large for one invocation can wait for the next. */
const UNFINISHED_MS = 24 * 3_600_000;

/** Errors with which SCF limits the rate of calls (https://cloud.tencent.com/document/product/583/17243). */
const THROTTLED = /^(LimitExceeded|ResourceLimit)/;

/** The deployed function, and the state of a backfill's inputs in COS. */
export class DeployedEngine implements Engine {
  readonly #target: Target;
  readonly #run: string;
  readonly #cos: CosClient;
  readonly #scf: ApiClient;
  readonly #signal: AbortSignal;

  constructor(target: Target, run: string, cos: CosClient, credentials: () => Credentials, signal: AbortSignal) {
    this.#target = target;
    this.#run = run;
    this.#cos = cos;
    this.#signal = signal;
    this.#scf = new ApiClient({ product: { name: "scf", version: "2018-04-16" }, region: target.region, credentials });
  }

  async invoke(event: object): Promise<string> {
    const { functionName, namespace } = this.#target;
    const parameters = {
      FunctionName: functionName,
      Namespace: namespace,
      Qualifier: "$DEFAULT",
      InvocationType: "Event",
      ClientContext: JSON.stringify(event),
    };
    const call = () => this.#scf.call("Invoke", parameters, this.#signal).catch(asPassing);
    const { Result: result } = await withRetries(call, PATIENT, this.#signal);
    return (result as { FunctionRequestId?: string } | undefined)?.FunctionRequestId ?? "";
  }

  async look(id: string): Promise<Fate | undefined> {
    const receipt = (await this.#read(receiptKey(this.#target.quarantine.prefix, id))) as Partial<Receipt> | undefined;
    if (receipt?.version !== 1 || receipt.run !== this.#run) return undefined;
    const { records = 0, left, reason } = receipt;
    if (receipt.outcome === "done") return { outcome: "done", records, ...(left !== undefined && { left }) };
    return { outcome: "quarantined", records: 0, reason: `${reason?.code}: ${reason?.message}` };
  }

  async giveUp(id: string): Promise<Fate | undefined> {
    const { prefix } = this.#target.quarantine;
    const told = await this.look(id);
    if (told) return told;
    const note = await this.#read(keyOf(prefix, id, ".json"));
    const { kind, code, message } = (note?.reason ?? {}) as { kind?: string; code?: string; message?: string };
    // The function continues with it at its timer.
    if (kind === "unfinished" && Date.now() - Date.parse(String(note?.time)) < UNFINISHED_MS) return undefined;
    if (note) return { outcome: "quarantined", records: 0, reason: `${code}: ${message}` };
    if (await this.#read(keyOf(`${prefix}started/`, id, ".json"))) {
      return { outcome: "failed", records: 0, reason: "its invocations were killed; see tencent-logs quarantine list" };
    }
    return {
      outcome: "failed",
      records: 0,
      reason:
        "no receipt: it may still be in SCF's queue, or the deployed function writes none; redeploy it, then use --missing",
    };
  }

  close(): void {
    this.#scf.close();
  }

  async #read(key: string): Promise<Record<string, unknown> | undefined> {
    const { bucket, region } = this.#target.quarantine;
    const get = async (): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await this.#cos.get({ bucket, region, key }, { signal: this.#signal })).body) {
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString();
    };
    try {
      return objectIn(await withRetries(get, PATIENT, this.#signal));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** SCF's limits are temporary: the call is repeated. */
function asPassing(error: unknown): never {
  if (error instanceof ServiceError && !error.transient && THROTTLED.test(error.code)) {
    throw new PassingError(error.code, error.message);
  }
  throw error;
}

/** A temporary refusal. */
class PassingError extends ServiceError {
  override get transient(): boolean {
    return true;
  }
}
