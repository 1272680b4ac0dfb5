import { xmlElement } from "../tencent/cos-error";
import { readCredentials } from "../tencent/credentials";
import { cosEndpoint } from "../tencent/endpoint";
import { publicCode, ServiceError } from "../tencent/service-error";
import { percentEncode, sign } from "../tencent/signature";
import type { LiveSettings } from "./settings";
import { LOOK_MS, watchedUntil, watchFlagKey } from "./watch-flag";
import { Wire, type WireAnswer, type WireRequest } from "./wire";

/** What a look at a flag needs to know. */
export type FlagPlace = Pick<LiveSettings, "bucket" | "region" | "network"> & { namespace: string; function: string };

/** The flag of a function, as it was when it was looked at last. */
export class Flag {
  readonly #wire = new Wire();
  /** When a look began last, in milliseconds since the epoch. */
  lookedAt = 0;
  /** Whether a look was answered. */
  isKnown = false;
  #eTag: string | undefined;
  /** By COS's clock. */
  #until = 0;
  /** Milliseconds by which COS's clock is ahead of ours. */
  #ahead = 0;

  /** Whether another look is due. One that lies in the future was made before the clock was set back. */
  get isOld(): boolean {
    const agoMs = Date.now() - this.lookedAt;
    return agoMs >= LOOK_MS || agoMs < 0;
  }

  /** Whether somebody watches now: also without another look it ends. */
  get isWatched(): boolean {
    return this.#until > Date.now() + this.#ahead;
  }

  /** @throws ServiceError where nobody knows what the flag says; what was known stays */
  async look(place: FlagPlace): Promise<void> {
    this.lookedAt = Date.now();
    const request = flagRequest(place, this.#eTag);
    const answer = await this.#wire.send(request);
    const date = Date.parse(answer.headers.date ?? "");
    if (!Number.isNaN(date)) this.#ahead = date - Date.now();
    if (answer.status === 200) {
      this.#until = watchedUntil(answer.text) ?? 0;
      this.#eTag = answer.headers.etag;
    } else if (answer.status === 404 && isAbsent(answer)) {
      this.#until = 0;
      this.#eTag = undefined;
    } else if (answer.status !== 304) {
      throw refusal(request.what, answer);
    }
    this.isKnown = true;
  }

  /** A look that was under way when the instance was frozen may never be answered: it fails. */
  thaw(): void {
    this.#wire.thaw();
  }
}

/** Asks for a flag, unless it is still the one of that ETag. */
export function flagRequest(place: FlagPlace, eTag?: string): WireRequest {
  const { bucket, region, network } = place;
  const endpoint = cosEndpoint({ bucket, region, network });
  const credentials = readCredentials();
  const headers: Record<string, string> = { host: endpoint.host };
  if (eTag !== undefined) headers["if-none-match"] = eTag;
  if (credentials.sessionToken) headers["x-cos-security-token"] = credentials.sessionToken;
  const key = watchFlagKey(place);
  const authorization = sign({ method: "GET", path: `/${key}`, headers }, credentials);
  const path = `/${key.split("/").map(percentEncode).join("/")}`;
  const what = `GET cos://${bucket}/${key}`;
  return { what, method: "GET", endpoint, path, headers: { ...headers, authorization } };
}

/** Whether it is COS that knows no such object: any server in between may answer with 404. */
function isAbsent({ text }: WireAnswer): boolean {
  return text === "" || xmlElement(text, "Code") === "NoSuchKey";
}

function refusal(what: string, { status, text, headers }: WireAnswer): ServiceError {
  const code = publicCode(xmlElement(text, "Code")) ?? `HTTP_${status}`;
  const id = headers["x-cos-request-id"]?.toString();
  return new ServiceError(code, `${what} failed with ${code} (HTTP ${status})`, status, id);
}
