import { builtin } from "./builtin";
import type { Credentials } from "./credentials";

/** The signed parts of a request. */
export interface SignedRequest {
  readonly method: string;
  /** Path with its leading `/`, not percent-encoded. */
  readonly path: string;
  /** Query parameters, not percent-encoded. */
  readonly query?: Readonly<Record<string, string>>;
  /** The headers that are signed; the request can have others. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Validity of a signature in seconds, as in Tencent's SDK. Fact: docs/design/facts/runtime.md#cos-signature. */
const VALID_SECONDS = 900;
/** Seconds by which this machine's clock can be ahead of the service's. */
const CLOCK_LEEWAY_SECONDS = 60;

/**
 * The `Authorization` header of COS and CLS: HMAC-SHA1 over method, path, query and headers
 * (https://cloud.tencent.com/document/product/436/7778). A session token is not part of it; it is sent in a header, which
 * should be signed.
 *
 * @param now milliseconds since the epoch
 */
export function sign(request: SignedRequest, credentials: Credentials, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  return signForPeriod(request, credentials, `${seconds - CLOCK_LEEWAY_SECONDS};${seconds + VALID_SECONDS}`);
}

/** Signs for a given period, `start;end` in seconds since the epoch. */
export function signForPeriod(request: SignedRequest, credentials: Credentials, period: string): string {
  const query = canonical(request.query ?? {});
  const headers = canonical(request.headers);
  const format = `${request.method.toLowerCase()}\n${request.path}\n${query.text}\n${headers.text}\n`;

  const signingKey = hmac(credentials.secretKey, period);
  const digest = builtin("node:crypto").createHash("sha1").update(format).digest("hex");
  const signature = hmac(signingKey, `sha1\n${period}\n${digest}\n`);
  return [
    "q-sign-algorithm=sha1",
    `q-ak=${credentials.secretId}`,
    `q-sign-time=${period}`,
    `q-key-time=${period}`,
    `q-header-list=${headers.names}`,
    `q-url-param-list=${query.names}`,
    `q-signature=${signature}`,
  ].join("&");
}

/** Percent-encodes as the signature requires: everything except letters, digits and `-_.~`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16)}`.toUpperCase(),
  );
}

/** Names in lower case, encoded and sorted, joined as a list and as `name=value` pairs. */
function canonical(values: Readonly<Record<string, string>>): { names: string; text: string } {
  const pairs = Object.entries(values)
    .map(([name, value]) => [percentEncode(name).toLowerCase(), percentEncode(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { names: pairs.map(([name]) => name).join(";"), text: pairs.map((pair) => pair.join("=")).join("&") };
}

function hmac(key: string, text: string): string {
  return builtin("node:crypto").createHmac("sha1", key).update(text).digest("hex");
}
