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
 * POST requests to an address, at least once and in order. A service with a low rate limit or slow answers slows the
 * pipeline; its rate applies to the function's instance as a whole.
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
    // A line that only looks like JSON would break the whole body.
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
      // Each attempt is signed again: a signature expires soon.
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

/** @throws `RecordError` if a record's line is not JSON */
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
