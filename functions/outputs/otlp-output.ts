import type { OutgoingRecord } from "../records/contracts";
import { logError } from "../runtime/log";
import type { OtlpOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { BatchedOutput } from "./batched-output";
import { notAcknowledged, PostError, postBody, publicWords, readHeaderSecret } from "./body-post";
import type { OutputContext } from "./context";
import { loadOtlpPart, type OtlpLogs, type OtlpPart } from "./otlp-part";
import { readSecret } from "./secret";
import { targetOf, type WebhookTarget } from "./webhook-target";

/** Description of the only valid acknowledgement. */
const FORM = "an ExportLogsServiceResponse";

/** Maximum bytes of a successful answer. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Default path of an address without one: that of OTLP over HTTP. */
const DEFAULT_PATH = "/v1/logs";

/**
 * Log records of a collector or any other receiver of OTLP over HTTP, at least once: each has `log.record.uid`, which is
 * the same at each delivery of the record. A separate part, `out-otlp.js`, writes and reads OTLP.
 *
 * The fields that the settings name become time, severity, trace, resource and body; the others become attributes. If a
 * record has no body field, everything left is its body. A field that is not valid for its purpose (not a time, a trace id
 * of another length) stays an attribute, so nothing is lost.
 */
export class OtlpOutput extends BatchedOutput<unknown> {
  readonly #settings: OtlpOutputSettings;
  readonly #target: WebhookTarget;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #logs: OtlpLogs;
  #isWarned = false;

  constructor(settings: OtlpOutputSettings, context: OutputContext, part: OtlpPart = loadOtlpPart()) {
    super(context, { items: settings.maxBatchRecords, bytes: settings.maxBatchBytes });
    this.#settings = settings;
    this.#target = logsTarget(settings.urlSecret);
    this.#headers = headersOf(settings);
    this.#logs = part.openOtlp(settings, context.now);
  }

  protected make(record: OutgoingRecord, id: string, given: OutgoingRecord) {
    return this.#logs.make(record, id, given);
  }

  protected request(items: readonly unknown[]) {
    return (signal: AbortSignal) => this.#post(items, signal);
  }

  async #post(items: readonly unknown[], signal: AbortSignal): Promise<number> {
    const { urlSecret: name, compression } = this.#settings;
    const logs = this.#logs;
    const body = logs.request(items);
    const answer = await postBody(this.context.connections.servers, {
      name,
      target: this.#target,
      headers: { ...this.#headers, "content-type": logs.contentType },
      body,
      compression,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      signal,
    });
    const { statusCode } = answer;
    if (statusCode < 200 || statusCode >= 300) {
      const words = logs.readStatus(answer);
      throw new PostError({ name, body }, answer, words === undefined ? {} : { words }, logs.isRetryable(statusCode));
    }
    const success = logs.readSuccess(answer);
    if (!success) throw notAcknowledged(name, FORM, answer.body);
    const words = publicWords(success.words, body);
    if (success.rejected > 0) throw new RejectedRecordsError(name, success.rejected, items.length, words);
    if (success.words !== "") this.#warn(words);
    return answer.sentBytes;
  }

  /** Logs the service's message in a successful answer, once per input. */
  #warn(words: string): void {
    if (!this.#isWarned) logError(`${this.context.input.name}: output ${this.context.output} was told${words}`);
    this.#isWarned = true;
  }
}

/**
 * A success that leaves out records without saying which: OTLP forbids sending the request again, so the whole batch goes
 * to quarantine.
 */
class RejectedRecordsError extends ServiceError {
  override readonly name = "RejectedRecordsError";

  constructor(name: string, rejected: number, total: number, words: string) {
    super("PartialSuccess", `POST to ${name} left out ${rejected} of ${total} records${words}`, 200);
  }

  override get transient(): boolean {
    return false;
  }
}

function logsTarget(name: string): WebhookTarget {
  const target = targetOf(name, readSecret(name));
  const [path, query] = target.path.split("?");
  if (path !== "/") return target;
  return { ...target, path: query === undefined ? DEFAULT_PATH : `${DEFAULT_PATH}?${query}` };
}

function headersOf({ headers = {}, secretHeaders = {} }: OtlpOutputSettings): Record<string, string> {
  const secrets = Object.entries(secretHeaders).map(([name, variable]) => [name, readHeaderSecret(variable)]);
  const all = [...Object.entries(headers), ...(secrets as [string, string][])];
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}
