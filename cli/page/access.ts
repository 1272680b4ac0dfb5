import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is refused: a status, and what to do. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** What a browser is told with each answer: nothing of elsewhere is loaded, shown or sent, and nobody else shows the page. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** The header that a page of ours sends with what it asks for: a form of another site cannot. */
export const OWN_HEADER = "x-tencent-logs";

/**
 * Who may see the page: who has the address, once. The address holds a secret that is good for one use; whoever used it has a
 * cookie from then on, which scripts cannot read and other sites cannot send.
 */
export class Access {
  readonly #port: number;
  /** Undefined once it is used. */
  #secret: string | undefined = randomBytes(32).toString("base64url");
  readonly #session = randomBytes(32).toString("base64url");

  constructor(port: number) {
    this.#port = port;
  }

  /** What is to be opened. */
  get address(): string {
    return `${this.origin}/?key=${this.#secret ?? ""}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The cookie for who brings the secret, which is used up by that; undefined where the secret is wrong or was used. */
  enter(key: string): string | undefined {
    if (this.#secret === undefined || !isSame(key, this.#secret)) return undefined;
    this.#secret = undefined;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * What is wrong with a request, whatever it asks for: a name of another host in `Host` is how a page of elsewhere would reach
   * a server on loopback, by a name of its own that leads here.
   */
  refuseHost({ headers: { host } }: IncomingMessage): Refusal | undefined {
    if (host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`) return undefined;
    return { status: 421, text: `Host must be 127.0.0.1:${this.#port}; open the address that tencent-logs printed\n` };
  }

  /** Why somebody may not see the page. */
  refuseStranger({ headers }: IncomingMessage): Refusal | undefined {
    const cookies = (headers.cookie ?? "").split(/;\s*/).map((one) => one.split("="));
    const given = cookies.find(([name]) => name === this.#cookieName)?.[1] ?? "";
    if (isSame(given, this.#session)) return undefined;
    const text = "the address that tencent-logs printed can be used only once; restart the command for a new one\n";
    return { status: 403, text };
  }

  /** Why a request that changes something is not one of the page. */
  refuseForeign({ headers }: IncomingMessage): Refusal | undefined {
    const isOwn = headers.origin === this.origin || headers.origin === `http://localhost:${this.#port}`;
    const site = headers["sec-fetch-site"];
    const isJson = headers["content-type"] === "application/json";
    if (isOwn && isJson && headers[OWN_HEADER] === "1" && (site === undefined || site === "same-origin"))
      return undefined;
    return { status: 403, text: "requests that change something are accepted only from the page\n" };
  }

  /** Cookies know no ports: each page on loopback has a name of its own. */
  get #cookieName(): string {
    return `tencent-logs-${this.#port}`;
  }
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
