import { messageOf, type MonitorFile, type Receiver, type Telling } from "../../../monitor";
import { RateLimiter, sharedLimiter } from "../../outputs/rate-limit";
import { readSecret } from "../../outputs/secret";
import { postToWebhook } from "../../outputs/webhook-client";
import { DIALECTS, type WebhookDialect } from "../../outputs/webhook-format";
import { maskSecrets } from "../../runtime/mask";
import type { HttpClient } from "../../tencent/http";
import { type Clock, REAL_CLOCK } from "./clock";

/** Why a receiver did not take a message; neither the text nor the code holds its address. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";

  constructor(
    readonly code: string,
    message: string,
    /** Whether the same message may be taken later. */
    readonly transient: boolean,
    /** Whether less of it may be taken. */
    readonly tooLarge: boolean,
    /** Milliseconds for which the service wants to hear nothing, where it told. */
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }
}

/** What clients of receivers share. */
export interface ClientContext {
  readonly file: Pick<MonitorFile, "monitors" | "sources" | "display">;
  readonly http: HttpClient;
  /** Where addresses and keys stand. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** Shares of a service's limit that a message may take: the next, where a service refused it as too large all the same. */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8];

/** Speaks to one receiver. */
export class ReceiverClient {
  /** Keeps its rate; undefined where it has none. */
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
   * Tells of alerts, once; resolves to how many of them, from the first on, the message told of.
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

  /** Sends a body, once. @throws ReceiverError */
  async post(body: string, signal: AbortSignal): Promise<void> {
    const { urlVariable, signatureVariable } = this.#receiver;
    const { environment, clock, http } = this.#context;
    try {
      const url = readSecret(urlVariable, environment);
      const secret = signatureVariable === undefined ? undefined : readSecret(signatureVariable, environment);
      // Each try is signed anew: a signature is good for a short time.
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

  /** A text without the address and the key, which may have any name here, in any of the ways they are written. */
  readonly #mask = (text: string): string => {
    const { urlVariable, signatureVariable } = this.#receiver;
    const { environment } = this.#context;
    return maskSecrets(text, {
      LOGS_SECRET_URL: environment[urlVariable],
      LOGS_SECRET_KEY: signatureVariable === undefined ? undefined : environment[signatureVariable],
    });
  };
}

/** A service counts by address, whoever sends: so one limiter an address, for as long as the process lives. */
function limiterOf(receiver: Receiver, { rate }: WebhookDialect, clock: Clock): RateLimiter | undefined {
  const { maxPerMinute, urlVariable } = receiver;
  const kept = maxPerMinute === undefined ? rate : { perMinute: maxPerMinute, spacingMs: rate?.spacingMs ?? 0 };
  if (!kept) return undefined;
  if (clock !== REAL_CLOCK) return new RateLimiter(kept, () => clock.now());
  return sharedLimiter(`${urlVariable} ${JSON.stringify(kept)}`, kept);
}
