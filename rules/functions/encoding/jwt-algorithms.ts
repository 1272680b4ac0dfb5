import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  sign as signWith,
  timingSafeEqual,
  verify as verifyWith,
} from "node:crypto";
import { fail } from "../../run/values";

/** Signs and verifies. `none` is not supported. */
export interface JwtAlgorithm {
  readonly name: string;
  readonly family: "HS" | "RS" | "PS" | "ES";
  sign(data: string, key: KeyObject): Buffer;
  verify(data: string, signature: Uint8Array, key: KeyObject): boolean;
}

/** The algorithms of RFC 7518, section 3, by their names. */
export const JWT_ALGORITHMS: ReadonlyMap<string, JwtAlgorithm> = new Map(
  (["HS", "RS", "PS", "ES"] as const)
    .flatMap((family) => [256, 384, 512].map((bits) => algorithm(family, bits)))
    .map((made) => [made.name, made]),
);

function algorithm(family: JwtAlgorithm["family"], bits: number): JwtAlgorithm {
  const name = `${family}${bits}`;
  const digest = `sha${bits}`;
  if (family === "HS") return hmac(name, digest);
  const options = (key: KeyObject) => {
    if (family === "RS") return { key };
    if (family === "ES") return { key, dsaEncoding: "ieee-p1363" as const };
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  };
  return {
    name,
    family,
    sign: (data, key) => signWith(digest, Buffer.from(data), options(key)),
    verify: (data, signature, key) => verifyWith(digest, Buffer.from(data), options(key), Buffer.from(signature)),
  };
}

function hmac(name: string, digest: string): JwtAlgorithm {
  const sign = (data: string, key: KeyObject) => createHmac(digest, key).update(data).digest();
  return {
    name,
    family: "HS",
    sign,
    verify: (data, signature, key) => {
      const expected = sign(data, key);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    },
  };
}

/** Node's names of the curves, for algorithms with a fixed curve (RFC 7518, 3.4). */
const CURVES: Readonly<Record<string, string>> = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" };

/** Cache of parsed keys, because parsing PEM takes longer than verifying a token. */
const keys = new Map<string, KeyObject>();
const MAX_KEYS = 100;

/** The key of an algorithm. Messages never quote it. */
export function jwtKey(
  caller: string,
  { name, family }: JwtAlgorithm,
  text: string,
  use: "sign" | "verify",
): KeyObject {
  const id = `${use} ${name} ${text}`;
  const known = keys.get(id);
  if (known) return known;
  const key = family === "HS" ? secretKey(caller, text) : readPem(caller, name, text, use);
  const fits = family === "ES" ? key.asymmetricKeyDetails?.namedCurve === CURVES[name] : family === "HS" || isRsa(key);
  if (!fits) fail(`${caller} must get a key for ${name}, got one of another kind`);
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(id, key);
  return key;
}

/**
 * Whether a text is a PEM key. It is never accepted as a shared secret, because anyone could then sign with a public
 * key.
 */
export function isPem(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]+-----|^ssh-(rsa|ed25519) |^ecdsa-/m.test(text);
}

function secretKey(caller: string, text: string): KeyObject {
  if (text === "") fail(`${caller} must get a key, got an empty text`);
  if (isPem(text)) fail(`${caller} must get a shared secret for HS256, HS384 and HS512, got a key in PEM`);
  return createSecretKey(Buffer.from(text));
}

function readPem(caller: string, name: string, text: string, use: "sign" | "verify"): KeyObject {
  try {
    return use === "sign" ? createPrivateKey(text) : createPublicKey(text);
  } catch {
    return fail(
      `${caller} must get a ${use === "sign" ? "private" : "public"} key in PEM for ${name}, got something else`,
    );
  }
}

function isRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "rsa-pss";
}
