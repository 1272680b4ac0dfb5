import { ServiceError } from "../../functions/tencent/service-error";

/** Result of a check: ok; wrong; or it could not be made, which is not a success. */
export type Verdict = "ok" | "wrong" | "unknown";

/** Result of one check. */
export interface Finding {
  /** Stable name of the check: `role`, `delivery`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** Name of the checked thing. */
  readonly what: string;
  /** Observed state. */
  readonly seen: string;
  /** The remedy; required unless the check is ok. */
  readonly remedy?: string;
  /** The CAM action that the key lacks, if that is why nothing is known. */
  readonly lacks?: string;
}

/** Findings about one subject: this machine, the account, a stack. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Creates findings about one kind of thing, with the name of the check. */
export class Check {
  constructor(private readonly check: string) {}

  ok(what: string, seen: string): Finding {
    return { check: this.check, verdict: "ok", what, seen };
  }

  wrong(what: string, seen: string, remedy: string): Finding {
    return { check: this.check, verdict: "wrong", what, seen, remedy };
  }

  unknown(what: string, seen: string, remedy: string): Finding {
    return { check: this.check, verdict: "unknown", what, seen, remedy };
  }

  /** Runs a check; reports if the cloud denies access or does not answer. */
  async look(what: string, look: () => Promise<Finding | readonly Finding[]>): Promise<readonly Finding[]> {
    try {
      return [await look()].flat();
    } catch (error) {
      if (error instanceof ServiceError) return [this.refused(what, error)];
      throw error;
    }
  }

  /** The finding for a request that the cloud refused. */
  refused(what: string, error: ServiceError): Finding {
    const lacks = actionDenied(error);
    if (lacks === undefined) {
      const remedy = error.transient
        ? "run doctor again; if it persists, check the network and https://status.cloud.tencent.com"
        : "look up the code in the service's documentation";
      return this.unknown(what, error.message, remedy);
    }
    const seen = `cannot check: the key is denied ${lacks}`;
    return { ...this.unknown(what, seen, `allow the key ${lacks}`), lacks };
  }
}

/** The action that a key's policies lack, `cls:DescribeTopics`; undefined if that is not the reason of the refusal. */
export function actionDenied({ code, message }: ServiceError): string | undefined {
  if (!/^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation|AccessDenied)/.test(code)) return undefined;
  // Errors begin with the name of the call.
  return /^[a-z]+:[A-Za-z]+/.exec(message)?.[0] ?? "what it asked for";
}
