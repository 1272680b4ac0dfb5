import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "./credentials";

/** The signed parts of a request to API 3.0: a POST of JSON to `/`. */
export interface Tc3Request {
  /** The product's name in the host: `scf`. */
  readonly product: string;
  /** The headers that are signed: at least `content-type` and `host`. The request can have others. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const ALGORITHM = "TC3-HMAC-SHA256";

/**
 * The `Authorization` header of Tencent Cloud's API 3.0, signature v3 (https://cloud.tencent.com/document/api/213/30654).
 * The service accepts it for five minutes; a session token is not part of it and is sent in `X-TC-Token`.
 *
 * @param seconds since the epoch; the request must have the same value in `X-TC-Timestamp`
 */
export function signTc3(
  { product, headers, body }: Tc3Request,
  { secretId, secretKey }: Credentials,
  seconds: number,
): string {
  const pairs = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().toLowerCase()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = pairs.map(([name]) => name).join(";");
  const lines = pairs.map(([name, value]) => `${name}:${value}\n`).join("");
  const canonical = ["POST", "/", "", lines, names, sha256(body)].join("\n");

  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${product}/tc3_request`;
  const key = [date, product, "tc3_request"].reduce<string | Buffer>(hmac, `TC3${secretKey}`);
  const signature = hmac(key, [ALGORITHM, seconds, scope, sha256(canonical)].join("\n")).toString("hex");
  return `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
