import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AccessKey } from "../account";
import { SignatureError, type SignedRequest } from "./signature";

const ALGORITHM = "AWS4-HMAC-SHA256";
const VALID_MS = 15 * 60 * 1000;

/** Whether a request has an S3 signature, which COS accepts in addition to its own. */
export function isS3Signed({ headers }: Pick<SignedRequest, "headers">): boolean {
  return text(headers.authorization).startsWith(ALGORITHM);
}

/** The region of an S3 signature. */
export function s3RegionOf({ headers }: Pick<SignedRequest, "headers">): string | undefined {
  return AUTHORIZATION.exec(text(headers.authorization))?.[2]?.split("/")[1];
}

/**
 * Checks an S3 signature, version 4, in headers: `AWS4-HMAC-SHA256 Credential=<id>/<date>/<region>/s3/aws4_request,
 * SignedHeaders=..., Signature=...`. It covers the body only by its hash in `X-Amz-Content-Sha256`, which the caller
 * must compare. Returns the key's id. Throws {@link SignatureError}. Times are the machine's.
 */
export function verifyS3Signature(
  request: SignedRequest,
  findKey: (secretId: string) => AccessKey | undefined,
): string {
  const claim = parse(text(request.headers.authorization));
  const key = findKey(claim.secretId);
  if (!key) throw new SignatureError("unknown key", "The Access Key Id you provided does not exist in our records.");
  if (key.sessionToken !== undefined && key.sessionToken !== text(request.headers["x-amz-security-token"])) {
    throw new SignatureError("wrong token", "The security token must be the one that came with the temporary key.");
  }
  const time = text(request.headers["x-amz-date"]);
  checkTime(time);
  const expected = Buffer.from(signatureOf(request, claim, time, key.secretKey));
  const actual = Buffer.from(claim.signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw new SignatureError("mismatch", "The Signature you specified is invalid.");
  }
  return claim.secretId;
}

interface Claim {
  readonly secretId: string;
  /** `20260115/ap-guangzhou/s3/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=([^/,\\s]+)/(\\d{8}/[^/,\\s]+/s3/aws4_request),\\s*` +
    "SignedHeaders=([a-z0-9;-]+),\\s*Signature=([0-9a-f]{64})$",
);

function parse(authorization: string): Claim {
  const match = AUTHORIZATION.exec(authorization);
  if (!match) throw new SignatureError("malformed", `Authorization must be an ${ALGORITHM} signature for s3.`);
  const [, secretId = "", scope = "", names = "", signature = ""] = match;
  return { secretId, scope, signedHeaders: names.split(";"), signature };
}

function checkTime(time: string): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (!match) throw new SignatureError("malformed", "X-Amz-Date must be given.");
  const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
  const late = Date.now() - Date.UTC(year, month - 1, ...rest);
  if (late > VALID_MS) throw new SignatureError("expired", "Request has expired");
  if (late < -VALID_MS) throw new SignatureError("not yet valid", "The request's time lies in the future.");
}

function signatureOf(request: SignedRequest, claim: Claim, time: string, secretKey: string): string {
  const query = request.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${text(request.headers[name]).trim().replace(/\s+/g, " ")}\n`,
  );
  const canonical = [
    request.method,
    request.path,
    query.join("&"),
    headers.join(""),
    claim.signedHeaders.join(";"),
    text(request.headers["x-amz-content-sha256"]),
  ].join("\n");
  const key = claim.scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  const hashed = createHash("sha256").update(canonical).digest("hex");
  return hmac(key, [ALGORITHM, time, claim.scope, hashed].join("\n")).toString("hex");
}

function text(value: string | string[] | undefined): string {
  return [value].flat()[0] ?? "";
}

/** RFC 3986: encodes everything except unreserved characters. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
