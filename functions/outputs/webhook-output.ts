import type { OutgoingRecord } from "../records/contracts";
import { lineOf } from "../records/line-record";
import type { WebhookOutputSettings } from "../settings";
import { BatchedOutput } from "./batched-output";
import type { OutputContext } from "./context";
import { type RateLimiter, sharedLimiter } from "./rate-limit";
import { readSecret } from "./secret";
import { postToWebhook } from "./webhook-client";
import { DIALECTS, type WebhookDialect } from "./webhook-format";

/**
 * POST requests to an address, at least once and in order. A service that takes few requests, or answers late, slows the
 * pipeline: its rate is kept for the function's instance as a whole.
 */
export class WebhookOutput extends BatchedOutput<string> {
  readonly #settings: WebhookOutputSettings;
  readonly #dialect: WebhookDialect;
  readonly #limiter: RateLimiter | undefined;
  readonly #url: string;
  readonly #secret: string | undefined;

  constructor(settings: WebhookOutputSettings, context: OutputContext) {
    const dialect = DIALECTS[settings.format];
    super(context, { ...dialect.limits, items: settings.maxBatchRecords });
    this.#settings = settings;
    this.#dialect = dialect;
    this.#limiter = limiterOf(settings, dialect);
    this.#url = readSecret(settings.urlSecret);
    this.#secret = settings.signatureSecret === undefined ? undefined : readSecret(settings.signatureSecret);
  }

  protected make(record: OutgoingRecord, id: string) {
    // A line that only looks like JSON would spoil the whole body.
    if (this.#settings.format === "json") requireFields(record);
    const { text, isCut } = this.#dialect.item(Buffer.from(lineOf(record)).toString(), id);
    return { item: text, bytes: Buffer.byteLength(text) + 1, isCut };
  }

  protected override async turn(signal: AbortSignal) {
    await this.#limiter?.take(signal);
  }

  protected request(texts: readonly string[]) {
    const body = this.#dialect.body(texts);
    return async (signal: AbortSignal) => {
      // Each try is signed anew: a signature is good for a short time.
      const request = this.#dialect.signed(body, this.#secret, Date.now());
      await postToWebhook(this.context.connections.http, {
        name: this.#settings.urlSecret,
        url: this.#url,
        request,
        dialect: this.#dialect,
        signal,
      });
      return Buffer.byteLength(request.body);
    };
  }
}

/** @throws `RecordError` where a record's line is no JSON */
function requireFields({ fields }: OutgoingRecord): unknown {
  return fields;
}

function limiterOf(settings: WebhookOutputSettings, { rate }: WebhookDialect): RateLimiter | undefined {
  const { urlSecret, maxPerMinute } = settings;
  if (maxPerMinute !== undefined) {
    const kept = { perMinute: maxPerMinute, spacingMs: rate?.spacingMs ?? 0 };
    return sharedLimiter(`${urlSecret} ${JSON.stringify(kept)}`, kept);
  }
  return rate && sharedLimiter(`${urlSecret} ${JSON.stringify(rate)}`, rate);
}
