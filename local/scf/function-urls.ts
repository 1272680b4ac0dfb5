import { randomBytes } from "node:crypto";
import type { Account } from "../account";
import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";

/** The name that the provider gives to every trigger of this type. Fact: docs/design/facts/provider.md#http-trigger. */
export const URL_TRIGGER = "url-trigger";

/** Requested settings of a function URL. */
export interface UrlSpec {
  /** `CAM` requires a signature, `NONE` does not. */
  readonly auth: "CAM" | "NONE";
  readonly extranet: boolean;
  readonly intranet: boolean;
  readonly enabled: boolean;
  readonly qualifier: string;
}

/** A function's URL. */
export interface FunctionUrl {
  /** `<APPID>-<ten letters and digits>`: the start of its address. */
  readonly id: string;
  readonly target: CloudFunction;
  readonly spec: UrlSpec;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly addedAt: number;
  readonly modifiedAt: number;
}

/** The description of a function URL. */
interface UrlDescription {
  readonly AuthType?: unknown;
  readonly NetConfig?: { readonly EnableExtranet?: unknown; readonly EnableIntranet?: unknown };
}

/**
 * The URLs of all functions: SCF's triggers of type `http`. Refusals are thrown as {@link Refusal}. Fact:
 * docs/design/facts/runtime.md#function-url.
 */
export class FunctionUrls {
  private all: FunctionUrl[] = [];

  /** @param endpoint address of the local services, below which each URL has its own path */
  constructor(
    private readonly account: Account,
    private readonly clock: SimulatedClock,
    private readonly endpoint: () => string,
  ) {}

  create(target: CloudFunction, description: string, rest: Pick<UrlSpec, "enabled" | "qualifier">): FunctionUrl {
    const spec = { ...parseUrl(description), ...rest };
    if (this.of(target).some((other) => other.spec.qualifier === spec.qualifier)) {
      throw new Refusal("ResourceInUse.Trigger", `a version must have one URL, got a second for ${spec.qualifier}`);
    }
    const now = this.clock.now();
    const id = `${this.account.appId}-${randomBytes(5).toString("hex")}`;
    const made = { id, target, spec, addedAt: now, modifiedAt: now };
    this.all.push(made);
    return made;
  }

  /** Changes a URL; it keeps its address. */
  update(target: CloudFunction, description: string | undefined, enabled: boolean | undefined): void {
    const url = this.urlOf(target);
    const spec = {
      ...url.spec,
      ...(description !== undefined && parseUrl(description)),
      ...(enabled !== undefined && { enabled }),
    };
    this.all = this.all.map((other) => (other === url ? { ...url, spec, modifiedAt: this.clock.now() } : other));
  }

  delete(target: CloudFunction): void {
    const url = this.urlOf(target);
    this.all = this.all.filter((other) => other !== url);
  }

  /** Removes all URLs of a function. */
  forget(target: CloudFunction): void {
    this.all = this.all.filter((url) => url.target !== target);
  }

  of(target: CloudFunction): readonly FunctionUrl[] {
    return this.all.filter((url) => url.target === target);
  }

  /** The URL of that id. */
  find(id: string): FunctionUrl | undefined {
    return this.all.find((url) => url.id === id);
  }

  /** Its address on this machine. */
  address({ id }: FunctionUrl): string {
    return `${this.endpoint()}/${id}`;
  }

  /** The trigger's description in SCF's form, with the addresses. */
  description(url: FunctionUrl): string {
    const { auth, extranet, intranet } = url.spec;
    const address = this.address(url);
    return JSON.stringify({
      AuthType: auth,
      NetConfig: {
        EnableExtranet: extranet,
        EnableIntranet: intranet,
        ...(extranet && { ExtranetUrl: address }),
        ...(intranet && { IntranetUrl: address }),
      },
    });
  }

  private urlOf(target: CloudFunction): FunctionUrl {
    const [url] = this.of(target);
    if (url) return url;
    throw new Refusal("ResourceNotFound.Trigger", `trigger must exist, got "${URL_TRIGGER}"`);
  }
}

function parseUrl(description: string): Pick<UrlSpec, "auth" | "extranet" | "intranet"> {
  const { AuthType: auth, NetConfig: net = {}, ...others } = parse(description);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw wrong(`must hold AuthType and NetConfig, which is all that the local cloud has, got ${unknown}`);
  }
  if (auth !== "CAM" && auth !== "NONE") throw wrong(`AuthType must be CAM or NONE, got ${JSON.stringify(auth)}`);
  const { EnableExtranet: extranet = false, EnableIntranet: intranet = false } = net;
  if (typeof extranet !== "boolean" || typeof intranet !== "boolean") {
    throw wrong(`NetConfig must say true or false, got ${JSON.stringify(net)}`);
  }
  if (!extranet && !intranet) throw wrong("NetConfig must enable a network, got none");
  return { auth, extranet, intranet };
}

function parse(description: string): UrlDescription {
  try {
    const parsed: unknown = JSON.parse(description);
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch {
    // Reported below.
  }
  throw wrong(`must be a JSON object, got ${description}`);
}

function wrong(message: string): Refusal {
  return new Refusal("InvalidParameterValue.TriggerDesc", `trigger_desc: ${message}`);
}
