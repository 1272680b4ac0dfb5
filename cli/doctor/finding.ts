import { ServiceError } from "../../functions/tencent/service-error";

/** What a check says: all is well; something is wrong; it could not be made, which is no success. */
export type Verdict = "ok" | "wrong" | "unknown";

/** What one check has found. */
export interface Finding {
  /** Stable name of the check: `role`, `delivery`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What was looked at, by its name. */
  readonly what: string;
  /** What was seen there. */
  readonly seen: string;
  /** What to do about it; each that is not well has one. */
  readonly remedy?: string;
  /** The action of CAM that the key lacks, where that is why nothing is known. */
  readonly lacks?: string;
}

/** Findings about one thing: this machine, the account, a stack. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Findings about one kind of thing, by the name of the check. */
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

  /** Looks, and says so where the cloud does not let it, or does not answer. */
  async look(what: string, look: () => Promise<Finding | readonly Finding[]>): Promise<readonly Finding[]> {
    try {
      return [await look()].flat();
    } catch (error) {
      if (error instanceof ServiceError) return [this.refused(what, error)];
      throw error;
    }
  }

  /** What is known where the cloud has refused to tell. */
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

/** The action that a key's policies lack, `cls:DescribeTopics`; undefined where that is not why a call was refused. */
export function actionDenied({ code, message }: ServiceError): string | undefined {
  if (!/^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation|AccessDenied)/.test(code)) return undefined;
  // Each call is named first in its error.
  return /^[a-z]+:[A-Za-z]+/.exec(message)?.[0] ?? "what it asked for";
}
