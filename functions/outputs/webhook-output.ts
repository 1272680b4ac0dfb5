import type { Batch, LogRecord, OutputReport } from "../records";
import type { WebhookOutputSettings } from "../settings";
import { Batcher } from "./batcher";
import type { InputOutput, OutputContext } from "./context";
import { Delivery } from "./delivery";
import { gzipLines, lineOf } from "./lines";
import { LogIds } from "./log-id";
import { type RateLimiter, sharedLimiter } from "./rate-limit";
import { readSecret } from "./secret";
import { postToWebhook } from "./webhook-client";
import { DIALECTS, type WebhookDialect } from "./webhook-format";

interface Item {
  readonly record: LogRecord;
  readonly text: string;
}

/**
 * POST requests to an address, at least once and in order. A service that takes few requests, or answers late, slows the
 * pipeline: its rate is kept for the function's instance as a whole.
 */
export class WebhookOutput implements InputOutput {
  readonly #settings: WebhookOutputSettings;
  readonly #context: OutputContext;
  readonly #dialect: WebhookDialect;
  readonly #delivery: Delivery;
  readonly #batcher: Batcher<Item>;
  readonly #ids: LogIds;
  readonly #limiter: RateLimiter | undefined;
  readonly #url: string;
  readonly #secret: string | undefined;

  constructor(settings: WebhookOutputSettings, context: OutputContext) {
    this.#settings = settings;
    this.#context = context;
    this.#dialect = DIALECTS[settings.format];
    this.#delivery = new Delivery(context);
    this.#batcher = new Batcher({ ...this.#dialect.limits, items: settings.maxBatchRecords });
    this.#ids = new LogIds(context.output, context.input.path, context.stream);
    this.#limiter = limiterOf(settings, this.#dialect);
    this.#url = readSecret(settings.urlSecret);
    this.#secret = settings.signatureSecret === undefined ? undefined : readSecret(settings.signatureSecret);
  }

  async write(batch: Batch): Promise<void> {
    for (const record of batch) {
      const line = Buffer.from(lineOf(record)).toString();
      const text = this.#dialect.item(line, this.#ids.next(record));
      const parcel = this.#batcher.add({ record, text }, Buffer.byteLength(text) + 1);
      if (parcel) await this.#push(parcel.name, parcel.items);
    }
  }

  async flush(): Promise<void> {
    const rest = this.#batcher.take();
    if (rest) await this.#push(rest.name, rest.items);
    await this.#delivery.end();
  }

  report(): OutputReport {
    return this.#delivery.report();
  }

  discard(): void {
    this.#batcher.take();
  }

  #push(name: string, items: readonly Item[]): Promise<void> {
    return this.#delivery.push({
      name: this.#context.stream + name,
      records: items.length,
      send: (signal) => this.#send(items, signal),
      lines: () => gzipLines(items.map(({ record }) => record)),
    });
  }

  /** Each try is signed anew: a signature is good for a short time. */
  async #send(items: readonly Item[], signal: AbortSignal): Promise<number> {
    await this.#limiter?.take(signal);
    const texts = items.map(({ text }) => text);
    const request = this.#dialect.request(texts, this.#secret, Date.now());
    await postToWebhook(this.#context.connections.http, {
      name: this.#settings.urlSecret,
      url: this.#url,
      request,
      refusal: this.#dialect.refusal,
      signal,
    });
    return Buffer.byteLength(request.body);
  }
}

function limiterOf(settings: WebhookOutputSettings, { rate }: WebhookDialect): RateLimiter | undefined {
  const { urlSecret, maxPerMinute } = settings;
  if (maxPerMinute !== undefined) {
    const kept = { perMinute: maxPerMinute, spacingMs: rate?.spacingMs ?? 0 };
    return sharedLimiter(`${urlSecret} ${JSON.stringify(kept)}`, kept);
  }
  return rate && sharedLimiter(`${urlSecret} ${JSON.stringify(rate)}`, rate);
}
