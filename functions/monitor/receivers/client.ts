import { messageOf, type MonitorFile, type Receiver, type Telling } from "../../../monitor";
import { RateLimiter, sharedLimiter } from "../../outputs/rate-limit";
import { readSecret } from "../../outputs/secret";
import { postToWebhook } from "../../outputs/webhook-client";
import { DIALECTS, type WebhookDialect } from "../../outputs/webhook-format";
import { maskSecrets } from "../../runtime/mask";
import type { HttpClient } from "../../tencent/http";
import { type Clock, REAL_CLOCK } from "./clock";
import { ReceiverError } from "./receiver-error";

/** Shared dependencies of the receivers' clients. */
export interface ClientContext {
  readonly file: Pick<MonitorFile, "monitors" | "sources" | "display">;
  readonly http: HttpClient;
  /** Contains addresses and keys. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** Shares of a service's size limit for a message: the next one is tried if the service still refuses it as too large. */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8];

/** Client of one receiver. */
export class ReceiverClient {
  /** Its rate limit; undefined if it has none. */
  readonly limiter: RateLimiter | undefined;
  readonly #receiver: Receiver;
  readonly #context: ClientContext;
  readonly #dialect: WebhookDialect;

  constructor(
    readonly name: string,
    receiver: Receiver,
    context: ClientContext,
  ) {
    this.#receiver = receiver;
    this.#context = context;
    this.#dialect = DIALECTS[receiver.format];
    this.limiter = limiterOf(receiver, this.#dialect, context.clock);
  }

  /**
   * Sends alerts in one message, without retries. Resolves to how many of them, from the first on, the message contained.
   *
   * @throws ReceiverError
   */
  async tell(tellings: readonly Telling[], signal: AbortSignal): Promise<number> {
    for (const share of SHARES) {
      const { body, taken } = messageOf(this.#receiver.format, tellings, this.#messageContext(), share);
      try {
        await this.post(body, signal);
        return taken;
      } catch (error) {
        if (!(error as ReceiverError).tooLarge || share === SHARES[SHARES.length - 1]) throw error;
      }
    }
    throw new RangeError("there must be a share, got none");
  }

  /** Sends a body, without retries. @throws ReceiverError */
  async post(body: string, signal: AbortSignal): Promise<void> {
    const { urlVariable, signatureVariable } = this.#receiver;
    const { environment, clock, http } = this.#context;
    try {
      const url = readSecret(urlVariable, environment);
      const secret = signatureVariable === undefined ? undefined : readSecret(signatureVariable, environment);
      // Each attempt is signed again: a signature expires soon.
      const request = this.#dialect.signed(body, secret, clock.now());
      await postToWebhook(http, { name: urlVariable, url, request, dialect: this.#dialect, signal, mask: this.#mask });
    } catch (error) {
      signal.throwIfAborted();
      throw this.#errorOf(error as Partial<ReceiverError> & Error);
    }
  }

  #messageContext() {
    return { file: this.#context.file, now: this.#context.clock.now() };
  }

  #errorOf({ code, message, transient, tooLarge, retryAfterMs, name }: Partial<ReceiverError> & Error): ReceiverError {
    const mask = this.#mask;
    return new ReceiverError(mask(code ?? name), mask(message), transient ?? false, tooLarge ?? false, retryAfterMs);
  }

  /** Masks the address and the key in a text in all their spellings; their variables can have any name here. */
  readonly #mask = (text: string): string => {
    const { urlVariable, signatureVariable } = this.#receiver;
    const { environment } = this.#context;
    return maskSecrets(text, {
      LOGS_SECRET_URL: environment[urlVariable],
      LOGS_SECRET_KEY: signatureVariable === undefined ? undefined : environment[signatureVariable],
    });
  };
}

/** Services limit by address, whoever sends. So there is one limiter per address, for the life of the process. */
function limiterOf(receiver: Receiver, { rate }: WebhookDialect, clock: Clock): RateLimiter | undefined {
  const { maxPerMinute, urlVariable } = receiver;
  const kept = maxPerMinute === undefined ? rate : { perMinute: maxPerMinute, spacingMs: rate?.spacingMs ?? 0 };
  if (!kept) return undefined;
  if (clock !== REAL_CLOCK) return new RateLimiter(kept, () => clock.now());
  return sharedLimiter(`${urlVariable} ${JSON.stringify(kept)}`, kept);
}
