import type { Credentials } from "../functions/tencent/credentials";

/** A topic's delivery to a function, as the construct's `terraform_data` keeps it. */
export interface Delivery {
  readonly topicId: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly qualifier: string;
  readonly region: string;
  /** Seconds that CLS waits at most. */
  readonly wait: number;
  /** Records of a batch at most. */
  readonly max: number;
}

/** Reads `CLS_DELIVERY`; numbers may have become text in Terraform's map. */
export function readDelivery(json: string | undefined): Delivery {
  const given = parse(json);
  const text = (name: string): string => {
    const value = given[name];
    if (typeof value === "string" && value !== "") return value;
    throw new Error(`CLS_DELIVERY.${name} must be a non-empty text, got ${JSON.stringify(value) ?? "nothing"}`);
  };
  const integer = (name: string): number => {
    const value = Number(given[name]);
    if (Number.isInteger(value) && value > 0) return value;
    throw new Error(`CLS_DELIVERY.${name} must be a whole number, got ${JSON.stringify(given[name]) ?? "nothing"}`);
  };
  return {
    topicId: text("topicId"),
    functionName: text("functionName"),
    namespace: text("namespace"),
    qualifier: text("qualifier"),
    region: text("region"),
    wait: integer("wait"),
    max: integer("max"),
  };
}

function parse(json: string | undefined): Record<string, unknown> {
  try {
    const value = JSON.parse(json ?? "") as unknown;
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Error("CLS_DELIVERY must be a JSON object, got something else; run this through terraform");
}

/**
 * The keys that the provider reads as well. A provider block's own keys, or a role that it assumes, cannot be seen from
 * a provisioner.
 */
export function readCredentials(environment: NodeJS.ProcessEnv): Credentials {
  const required = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new Error(
      `${name} must be set, got nothing; export the account's key for Terraform: this command cannot see keys or an ` +
        `assumed role of the provider block`,
    );
  };
  return {
    secretId: required("TENCENTCLOUD_SECRET_ID"),
    secretKey: required("TENCENTCLOUD_SECRET_KEY"),
    sessionToken: environment.TENCENTCLOUD_SECURITY_TOKEN || undefined,
  };
}
