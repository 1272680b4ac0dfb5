import { CheckedObject, objectIn, shown } from "../functions/runtime/checked-json";
import type { Credentials } from "../functions/tencent/credentials";

/** A topic's delivery to a function, as the construct's `terraform_data` stores it. */
export interface Delivery {
  readonly topicId: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly qualifier: string;
  readonly region: string;
  /** Maximum seconds that CLS waits before it delivers. */
  readonly wait: number;
  /** Maximum records of a batch. */
  readonly max: number;
}

/** Reads `CLS_DELIVERY`. Numbers can be text, because Terraform's map converts them. */
export function readDelivery(json: string | undefined): Delivery {
  const object = objectIn(json ?? "");
  if (object === undefined) {
    throw new Error("CLS_DELIVERY must be a JSON object, got something else; run this through terraform");
  }
  const given = new CheckedObject(object, "CLS_DELIVERY", wrong);
  const text = (name: string) => given.text(name, "a non-empty text");
  return {
    topicId: text("topicId"),
    functionName: text("functionName"),
    namespace: text("namespace"),
    qualifier: text("qualifier"),
    region: text("region"),
    wait: wholeNumber(given, "wait"),
    max: wholeNumber(given, "max"),
  };
}

function wholeNumber(given: CheckedObject, name: string): number {
  const value = Number(given.value(name));
  return Number.isInteger(value) && value > 0 ? value : given.refuse(name, "a whole number");
}

function wrong(path: string, what: string, value: unknown): Error {
  return new Error(`${path} must be ${what}, got ${shown(value)}`);
}

/**
 * Reads the keys from the environment variables that the provider also reads. A provisioner cannot see the keys of a
 * provider block or a role that it assumes.
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
