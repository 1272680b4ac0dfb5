import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AccessKey } from "../account";

/** The signed parts of a request. Names of parameters and headers are as sent; values are decoded. */
export interface SignedRequest {
  readonly method: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Why a signature is refused. */
export type SignatureFault =
  "missing" | "malformed" | "unknown key" | "expired" | "not yet valid" | "wrong token" | "expired token" | "mismatch";

/** A request with an invalid signature. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";

  constructor(
    readonly fault: SignatureFault,
    message: string,
  ) {
    super(message);
  }
}

const CLOCK_SKEW_SECONDS = 900;

/**
 * Checks `Authorization: q-sign-algorithm=sha1&...`, which COS and CLS's upload API share: HMAC-SHA1 over method,
 * decoded path, and the parameters and headers that the signature lists. Returns the key's id. Throws {@link
 * SignatureError}. Fact: docs/design/facts/runtime.md#cos-signature.
 *
 * @param times accepted current times, in milliseconds since 1970; by default the machine's time
 */
export function verifySignature(
  request: SignedRequest,
  findKey: (secretId: string) => AccessKey | undefined,
  token: string | undefined,
  times: readonly number[] = [Date.now()],
): string {
  const claim = parseAuthorization(request.headers.authorization);
  const key = findKey(claim.secretId);
  if (!key) throw new SignatureError("unknown key", "The Access Key Id you provided does not exist in our records.");
  if (key.sessionToken !== undefined && key.sessionToken !== token) {
    throw new SignatureError("wrong token", "The security token must be the one that came with the temporary key.");
  }
  const faults = times.map((time) => timeFault(claim.signTime, time) ?? timeFault(claim.keyTime, time));
  if (!faults.includes(undefined)) throw faults[0] as SignatureError;
  const expected = Buffer.from(signatureOf(request, key.secretKey, claim));
  const actual = Buffer.from(claim.signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw new SignatureError("mismatch", "The Signature you specified is invalid.");
  }
  return claim.secretId;
}

/** A parameter of a presigned URL that belongs to the signature, not to the request. */
const SIGNATURE_PARAMETER = /^(q-[a-z-]+|x-cos-security-token)$/;

/** Moves the signature of a presigned URL to headers; other requests are returned unchanged. */
export function presigned<T extends SignedRequest>(request: T): T {
  const parameters = new Map(request.query);
  if (request.headers.authorization !== undefined || !parameters.has("q-signature")) return request;
  const signature = request.query.filter(([name]) => name.startsWith("q-"));
  const token = parameters.get("x-cos-security-token");
  return {
    ...request,
    query: request.query.filter(([name]) => !SIGNATURE_PARAMETER.test(name)),
    headers: {
      ...request.headers,
      authorization: signature.map(([name, value]) => `${name}=${value}`).join("&"),
      ...(token !== undefined && { "x-cos-security-token": token }),
    },
  };
}

/** The `Authorization` header of a request, with all parameters and headers signed; valid for 15 minutes. */
export function authorization(request: SignedRequest, key: AccessKey): string {
  const now = Math.floor(Date.now() / 1000);
  const time = `${now - 60};${now + CLOCK_SKEW_SECONDS}`;
  const claim = {
    secretId: key.secretId,
    signTime: time,
    keyTime: time,
    headerList: Object.keys(request.headers).map(encodeName).sort(),
    parameterList: request.query.map(([name]) => encodeName(name)).sort(),
  };
  return [
    "q-sign-algorithm=sha1",
    `q-ak=${claim.secretId}`,
    `q-sign-time=${time}`,
    `q-key-time=${time}`,
    `q-header-list=${claim.headerList.join(";")}`,
    `q-url-param-list=${claim.parameterList.join(";")}`,
    `q-signature=${signatureOf(request, key.secretKey, claim)}`,
  ].join("&");
}

interface Claim {
  readonly secretId: string;
  readonly signTime: string;
  readonly keyTime: string;
  readonly headerList: readonly string[];
  readonly parameterList: readonly string[];
}

function parseAuthorization(header: string | string[] | undefined): Claim & { signature: string } {
  if (typeof header !== "string" || header === "") throw new SignatureError("missing", "Authorization must be given.");
  const fields = new Map(header.split("&").map((field) => splitOnce(field, "=")));
  const required = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new SignatureError("malformed", `Authorization must hold ${name}.`);
    return value;
  };
  if (required("q-sign-algorithm") !== "sha1") throw new SignatureError("malformed", "q-sign-algorithm must be sha1.");
  return {
    secretId: required("q-ak"),
    signTime: required("q-sign-time"),
    keyTime: required("q-key-time"),
    headerList: list(required("q-header-list")),
    parameterList: list(required("q-url-param-list")),
    signature: required("q-signature"),
  };
}

function timeFault(range: string, time: number): SignatureError | undefined {
  const match = /^(\d+);(\d+)$/.exec(range);
  if (!match) throw new SignatureError("malformed", "q-sign-time and q-key-time must be start;end.");
  const now = time / 1000;
  if (now > Number(match[2])) return new SignatureError("expired", "Request has expired");
  if (now + CLOCK_SKEW_SECONDS >= Number(match[1])) return undefined;
  return new SignatureError(
    "not yet valid",
    "The difference between the request time and the server's time is too large.",
  );
}

function signatureOf(request: SignedRequest, secretKey: string, claim: Claim): string {
  const signedParameters = [...claim.parameterList].sort().map((name) => {
    const found = request.query.find(([other]) => encodeName(other) === name);
    return pair(name, found?.[1], "parameter");
  });
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [encodeName(name), value]));
  const signedHeaders = [...claim.headerList].sort().map((name) => pair(name, [headers.get(name)].flat()[0], "header"));
  const text = [
    request.method.toLowerCase(),
    decodePath(request.path),
    signedParameters.join("&"),
    signedHeaders.join("&"),
    "",
  ].join("\n");
  const signKey = createHmac("sha1", secretKey).update(claim.keyTime).digest("hex");
  const textToSign = ["sha1", claim.signTime, createHash("sha1").update(text).digest("hex"), ""].join("\n");
  return createHmac("sha1", signKey).update(textToSign).digest("hex");
}

function pair(name: string, value: string | undefined, kind: string): string {
  if (value === undefined) throw new SignatureError("mismatch", `The signed ${kind} ${name} must be sent.`);
  return `${name}=${encode(value)}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new SignatureError("malformed", "The path must be percent-encoded UTF-8.");
  }
}

function encodeName(name: string): string {
  return encode(name).toLowerCase();
}

/** RFC 3986: encodes everything except unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function list(text: string): string[] {
  return text === "" ? [] : text.split(";");
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
