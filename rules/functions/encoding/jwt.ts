import type { Run } from "../../run/implementation";
import { parseJson, tryParseJson } from "../../run/json";
import { replaceEach } from "../../run/length";
import { printed, toJson } from "../../run/text";
import { fail, isBytes, isDict, isList, type Dict, type Value } from "../../run/values";
import { cut, textOf, textOption } from "./bytes";
import { isPem, JWT_ALGORITHMS, jwtKey, type JwtAlgorithm } from "./jwt-algorithms";
import { checkClaims } from "./jwt-claims";

/** `jwt_encoding`. */
export function encodeJwt(payload: Value, key: Value, algorithm: Value, headers: Value): Value {
  const caller = "jwt_encoding";
  const name = textOption(caller, "algorithm", algorithm);
  const signer = JWT_ALGORITHMS.get(name) ?? unknownAlgorithm(caller, name);
  const header = new Map<Value, Value>([
    ["typ", "JWT"],
    ["alg", name],
    ...(headers === null ? [] : dictOf(caller, "headers", headers)),
  ]);
  if (header.get("alg") !== name) fail(`${caller} must get the same algorithm in headers and in algorithm (${name})`);
  const signed = `${base64Url(compactJson(header))}.${base64Url(compactJson(dictOf(caller, "payload", payload)))}`;
  const signature = signer.sign(signed, jwtKey(caller, signer, keyText(caller, key), "sign"));
  return `${signed}.${signature.toString("base64url")}`;
}

/** `jwt_decoding`. */
export function decodeJwt(
  run: Run,
  token: Value,
  key: Value,
  algorithms: Value,
  options: Value,
  audience: Value,
  issuer: Value,
  leeway: Value,
): Value {
  const caller = "jwt_decoding";
  const given = options === null ? new Map<Value, Value>() : dictOf(caller, "options", options);
  const verifies = given.get("verify_signature") !== false;
  const parts = readToken(caller, textOf(caller, token).trim());
  if (verifies) verifySignature(caller, parts, keyText(caller, key), algorithms);
  checkClaims(caller, parts.payload, { options: given, verifies, audience, issuer, leeway, now: run.now() });
  return parts.payload;
}

interface Token {
  readonly header: Dict;
  readonly payload: Dict;
  readonly signed: string;
  readonly signature: Buffer;
}

function readToken(caller: string, token: string): Token {
  // An invalid token can have any number of parts.
  const parts = token.split(".", 4);
  if (parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]*$/.test(part))) {
    return fail(
      `${caller} must get three parts in base64url with dots between them, got ${parts.length > 3 ? "more" : parts.length} parts`,
    );
  }
  const [header, payload] = parts.slice(0, 2).map((part, index) => {
    const value = tryParseJson(Buffer.from(part, "base64url").toString());
    const name = index === 0 ? "header" : "payload";
    return isDict(value)
      ? value
      : fail(`${caller} must get a token whose ${name} is a JSON object, got something else`);
  });
  return { header, payload, signed: `${parts[0]}.${parts[1]}`, signature: Buffer.from(parts[2], "base64url") };
}

/**
 * The token names its algorithm, but the verifier decides which are accepted: otherwise a token could choose a weaker
 * one.
 */
function verifySignature(caller: string, token: Token, key: string, algorithms: Value): void {
  const name = token.header.get("alg");
  const allowed = algorithms === null ? fittingAlgorithms(key) : namesOf(caller, algorithms);
  const algorithm = typeof name === "string" && allowed.includes(name) ? JWT_ALGORITHMS.get(name) : undefined;
  if (!algorithm) {
    return fail(`${caller} must get a token that is signed with ${allowed.join(", ")}, got ${cut(String(name))}`);
  }
  const isGood = algorithm.verify(token.signed, token.signature, jwtKey(caller, algorithm, key, "verify"));
  if (!isGood) fail(`${caller} must get a token that the key has signed, got another signature`);
}

/** Without a list, a PEM key verifies the algorithms of such keys, and any other key those of shared secrets. */
function fittingAlgorithms(key: string): readonly string[] {
  const fits = ({ family }: JwtAlgorithm) => (family === "HS") !== isPem(key);
  return [...JWT_ALGORITHMS.values()].filter(fits).map(({ name }) => name);
}

function namesOf(caller: string, value: Value): readonly string[] {
  const names = isList(value) ? value : [value];
  return names.map((name) =>
    typeof name === "string" && JWT_ALGORITHMS.has(name) ? name : unknownAlgorithm(caller, String(name)),
  );
}

function unknownAlgorithm(caller: string, name: string): never {
  return fail(`${caller} must get ${[...JWT_ALGORITHMS.keys()].join(", ")} as algorithm, got ${cut(name)}`);
}

function keyText(caller: string, key: Value): string {
  if (isBytes(key)) return Buffer.from(key).toString();
  return typeof key === "string" ? key : fail(`${caller} must get a text as key`);
}

function dictOf(caller: string, what: string, value: Value): Dict {
  const dict = typeof value === "string" ? parseJson(value) : value;
  return isDict(dict) ? dict : fail(`${caller} must get a dict as ${what}, or its JSON, got something else`);
}

/** As the reference writes it: without spaces, and ASCII only. */
function compactJson(value: Value): string {
  return replaceEach(
    printed(value, { item: ",", key: ":", leaf: toJson, keyOf: (key) => toJson(String(key)) }),
    /[\u007f-\uffff]/g,
    ([character]) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function base64Url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
