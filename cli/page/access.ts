import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is refused: a status, and a remedy. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/**
 * Security headers of each answer: nothing from other sites is loaded, shown or sent, and no other site can frame the
 * page.
 */
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

/** The header of the page's own requests: a form of another site cannot send it. */
export const OWN_HEADER = "x-tencent-logs";

/**
 * Access control of the page: its address gives access once. The address contains a one-time secret; whoever used it
 * gets a cookie, which scripts cannot read and other sites cannot send.
 */
export class Access {
  readonly #port: number;
  /** Undefined after it was used. */
  #secret: string | undefined = randomBytes(32).toString("base64url");
  readonly #session = randomBytes(32).toString("base64url");

  constructor(port: number) {
    this.#port = port;
  }

  /** The address to open. */
  get address(): string {
    return `${this.origin}/?key=${this.#secret ?? ""}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Exchanges the secret for a cookie; undefined if the secret is wrong or was already used. */
  enter(key: string): string | undefined {
    if (this.#secret === undefined || !isSame(key, this.#secret)) return undefined;
    this.#secret = undefined;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * Refuses a request with another host name in `Host`, whatever it asks for: a page of another site could reach a
   * server on loopback by its own name that resolves to it.
   */
  refuseHost({ headers: { host } }: IncomingMessage): Refusal | undefined {
    if (host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`) return undefined;
    return { status: 421, text: `Host must be 127.0.0.1:${this.#port}; open the address that tencent-logs printed\n` };
  }

  /** Why access to the page is refused. */
  refuseStranger({ headers }: IncomingMessage): Refusal | undefined {
    const cookies = (headers.cookie ?? "").split(/;\s*/).map((one) => one.split("="));
    const given = cookies.find(([name]) => name === this.#cookieName)?.[1] ?? "";
    if (isSame(given, this.#session)) return undefined;
    const text = "the address that tencent-logs printed can be used only once; restart the command for a new one\n";
    return { status: 403, text };
  }

  /** Why a request that changes something is not accepted as one of the page. */
  refuseForeign({ headers }: IncomingMessage): Refusal | undefined {
    const isOwn = headers.origin === this.origin || headers.origin === `http://localhost:${this.#port}`;
    const site = headers["sec-fetch-site"];
    const isJson = headers["content-type"] === "application/json";
    if (isOwn && isJson && headers[OWN_HEADER] === "1" && (site === undefined || site === "same-origin"))
      return undefined;
    return { status: 403, text: "requests that change something are accepted only from the page\n" };
  }

  /** Cookies do not depend on the port, so each page on loopback has a separate name. */
  get #cookieName(): string {
    return `tencent-logs-${this.#port}`;
  }
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
