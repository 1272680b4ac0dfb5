import { fail, isList, type Dict, type Value } from "../../run/values";

/** What a token's claims are checked against. */
export interface ClaimChecks {
  /**
   * `verify_exp`, `verify_nbf`, `verify_iat`, `verify_aud`, `verify_iss`: False disables a check; `require` lists
   * claims.
   */
  readonly options: Dict;
  /** Whether the signature is verified. Unsigned claims are only checked if an option requires it. */
  readonly verifies: boolean;
  readonly audience: Value;
  readonly issuer: Value;
  /** Maximum clock difference in seconds. */
  readonly leeway: Value;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Fails for a token outside its validity, or for another audience or issuer (RFC 7519, 4.1). */
export function checkClaims(caller: string, payload: Dict, checks: ClaimChecks): void {
  const { options, verifies, audience, issuer, now } = checks;
  const isOn = (name: string) => Boolean(options.get(`verify_${name}`) ?? verifies);
  const leeway = secondsOf(caller, "leeway", checks.leeway);
  const seconds = now / 1000;
  const time = (claim: string) =>
    isOn(claim) && payload.has(claim) ? secondsOf(caller, claim, payload.get(claim)!) : undefined;

  requireClaims(caller, payload, options.get("require"));
  if ((time("iat") ?? -Infinity) > seconds + leeway) fail(`${caller} got a token that is issued in the future (iat)`);
  if ((time("nbf") ?? -Infinity) > seconds + leeway) fail(`${caller} got a token that is not valid yet (nbf)`);
  if ((time("exp") ?? Infinity) <= seconds - leeway) fail(`${caller} got a token that has expired (exp)`);
  if (isOn("aud")) checkAudience(caller, payload.get("aud") ?? null, audience);
  if (isOn("iss") && issuer !== null) {
    const issuers = isList(issuer) ? issuer : [issuer];
    if (!issuers.includes(payload.get("iss") ?? null))
      fail(`${caller} must get a token of the issuer, got another (iss)`);
  }
}

function requireClaims(caller: string, payload: Dict, required: Value | undefined): void {
  for (const claim of isList(required) ? required : []) {
    if ((payload.get(claim) ?? null) === null)
      fail(`${caller} must get a token with ${String(claim)}, got one without it`);
  }
}

/** A token with an audience is only accepted if that audience is requested. */
function checkAudience(caller: string, claim: Value, wanted: Value): void {
  if (wanted === null) {
    if (claim !== null && claim !== "")
      fail(`${caller} must get the audience that the token is for as audience, got none`);
    return;
  }
  const audiences = isList(claim) ? claim : [claim];
  const accepted = isList(wanted) ? wanted : [wanted];
  if (!accepted.some((one) => audiences.includes(one)))
    fail(`${caller} must get a token for the audience, got another (aud)`);
}

function secondsOf(caller: string, claim: string, value: Value): number {
  if (typeof value === "bigint" || typeof value === "number") return Math.trunc(Number(value));
  if (typeof value === "string" && /^\s*-?\d+\s*$/.test(value)) return Number(value);
  return fail(`${caller} must get ${claim} in seconds, got something else`);
}
