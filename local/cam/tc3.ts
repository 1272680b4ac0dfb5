import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AccessKey } from "../account";
import { SignatureError } from "./signature";

/** The signed parts of an API 3.0 request. */
export interface Tc3Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

const ALGORITHM = "TC3-HMAC-SHA256";
const VALID_SECONDS = 300;

/**
 * Checks signature v3 (`TC3-HMAC-SHA256`, https://cloud.tencent.com/document/api/213/30654) against the headers that it
 * lists, and the token of a temporary key. Returns the key's id. Throws {@link SignatureError}.
 *
 * @param times accepted current times, in milliseconds since 1970
 */
export function verifyTc3(
  request: Tc3Request,
  product: string,
  findKey: (secretId: string) => AccessKey | undefined,
  times: readonly number[] = [Date.now()],
): string {
  const claim = parseAuthorization(header(request, "authorization"));
  if (claim.product !== product) {
    throw new SignatureError("malformed", `The credential's scope must name ${product}, got ${claim.product}.`);
  }
  const key = findKey(claim.secretId);
  if (!key) throw new SignatureError("unknown key", "The SecretId is not found, please ensure that it is correct.");
  if (key.sessionToken !== undefined && key.sessionToken !== header(request, "x-tc-token")) {
    throw new SignatureError("wrong token", "The token must be the one that came with the temporary key.");
  }
  const seconds = checkTime(header(request, "x-tc-timestamp"), claim.date, times);
  const expected = Buffer.from(signatureOf(request, claim, seconds, key.secretKey));
  const actual = Buffer.from(claim.signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw new SignatureError(
      "mismatch",
      "The provided credentials could not be validated. Please check your signature.",
    );
  }
  return claim.secretId;
}

interface Claim {
  readonly secretId: string;
  readonly date: string;
  readonly product: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=([^/,\\s]+)/(\\d{4}-\\d\\d-\\d\\d)/([a-z0-9]+)/tc3_request,\\s*` +
    "SignedHeaders=([a-z0-9;-]+),\\s*Signature=([0-9a-f]{64})$",
);

function parseAuthorization(authorization: string | undefined): Claim {
  if (!authorization) throw new SignatureError("missing", "Authorization must be given.");
  const match = AUTHORIZATION.exec(authorization);
  if (!match) throw new SignatureError("malformed", `Authorization must be a ${ALGORITHM} signature.`);
  const [, secretId = "", date = "", product = "", names = "", signature = ""] = match;
  const signedHeaders = names.split(";");
  if (!signedHeaders.includes("content-type") || !signedHeaders.includes("host")) {
    throw new SignatureError("malformed", "SignedHeaders must hold content-type and host.");
  }
  return { secretId, date, product, signedHeaders, signature };
}

function checkTime(timestamp: string | undefined, date: string, times: readonly number[]): number {
  const seconds = Number(timestamp);
  if (timestamp === undefined || !Number.isInteger(seconds)) {
    throw new SignatureError("malformed", "X-TC-Timestamp must be in seconds.");
  }
  if (new Date(seconds * 1000).toISOString().slice(0, 10) !== date) {
    throw new SignatureError("malformed", "The credential's date must be that of X-TC-Timestamp.");
  }
  const [late = 0] = times.map((now) => now / 1000 - seconds).sort((one, other) => Math.abs(one) - Math.abs(other));
  if (late > VALID_SECONDS) throw new SignatureError("expired", "The signature has expired.");
  if (late < -VALID_SECONDS) throw new SignatureError("not yet valid", "X-TC-Timestamp lies in the future.");
  return seconds;
}

function signatureOf(request: Tc3Request, claim: Claim, seconds: number, secretKey: string): string {
  const lines = claim.signedHeaders.map((name) => `${name}:${(header(request, name) ?? "").trim().toLowerCase()}\n`);
  const names = claim.signedHeaders.join(";");
  const canonical = [request.method, "/", "", lines.join(""), names, sha256(request.body)].join("\n");
  const scope = `${claim.date}/${claim.product}/tc3_request`;
  const steps = [claim.date, claim.product, "tc3_request"];
  const key = steps.reduce<string | Buffer>(hmac, `TC3${secretKey}`);
  return hmac(key, [ALGORITHM, seconds, scope, sha256(canonical)].join("\n")).toString("hex");
}

function header(request: Tc3Request, name: string): string | undefined {
  return [request.headers[name]].flat()[0];
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
