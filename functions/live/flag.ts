import { xmlElement } from "../tencent/cos-error";
import { readCredentials } from "../tencent/credentials";
import { cosEndpoint } from "../tencent/endpoint";
import { publicCode, ServiceError } from "../tencent/service-error";
import { percentEncode, sign } from "../tencent/signature";
import type { LiveSettings } from "./settings";
import { LOOK_MS, watchedUntil, watchFlagKey } from "./watch-flag";
import { Wire, type WireAnswer, type WireRequest } from "./wire";

/** What is needed to read a flag. */
export type FlagPlace = Pick<LiveSettings, "bucket" | "region" | "network"> & { namespace: string; function: string };

/** The flag of a function, as of the last look. */
export class Flag {
  readonly #wire = new Wire();
  /** When the last look began, in milliseconds since the epoch. */
  lookedAt = 0;
  /** Whether a look was answered. */
  isKnown = false;
  #eTag: string | undefined;
  /** By COS's clock. */
  #until = 0;
  /** Milliseconds by which COS's clock is ahead of ours. */
  #ahead = 0;

  /** Whether another look is due. A time in the future means that the clock was set back. */
  get isOld(): boolean {
    const agoMs = Date.now() - this.lookedAt;
    return agoMs >= LOOK_MS || agoMs < 0;
  }

  /** Whether somebody watches now; this ends by itself even without another look. */
  get isWatched(): boolean {
    return this.#until > Date.now() + this.#ahead;
  }

  /** @throws ServiceError if the flag cannot be read; what was known stays */
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

  /** Fails a look that was in progress when the instance was frozen, because it may never be answered. */
  thaw(): void {
    this.#wire.thaw();
  }
}

/** Requests a flag, unless it still has that ETag. */
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

/** Whether COS itself says that the object does not exist: any server in between can answer with 404. */
function isAbsent({ text }: WireAnswer): boolean {
  return text === "" || xmlElement(text, "Code") === "NoSuchKey";
}

function refusal(what: string, { status, text, headers }: WireAnswer): ServiceError {
  const code = publicCode(xmlElement(text, "Code")) ?? `HTTP_${status}`;
  const id = headers["x-cos-request-id"]?.toString();
  return new ServiceError(code, `${what} failed with ${code} (HTTP ${status})`, status, id);
}
