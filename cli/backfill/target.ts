import { ApiClient } from "../../functions/tencent/api-client";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import type { Credentials } from "../../functions/tencent/credentials";
import { UserError } from "../../terminal/user-error";
import { deployedVariables } from "../deployed-variables";
import { isQuarantine, type Quarantine } from "../quarantine/flags";

/** A deployed function, as needed for a backfill. */
export interface Target {
  readonly region: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** MB of memory that are reserved for all its instances; undefined if it shares the account's. */
  readonly reservedMb?: number;
  /** Location of notes and receipts. */
  readonly quarantine: Quarantine;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The objects of its COS triggers that it reads. */
  readonly places: readonly Place[];
  /** Whether it ignores all others. */
  readonly isClosed: boolean;
}

/** Objects of a bucket with a given start and end of their keys. */
export interface Place {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly suffix: string;
}

const SCF = { name: "scf", version: "2018-04-16" };

/**
 * Gets a function from SCF. Throws {@link UserError} if it does not exist, or is not one of the package's pipelines.
 */
export async function deployedTarget(
  { region, functionName, namespace }: Pick<Target, "region" | "functionName" | "namespace">,
  credentials: () => Credentials,
): Promise<Target> {
  const client = new ApiClient({ product: SCF, region, credentials });
  const asked = { FunctionName: functionName, Namespace: namespace };
  const call = (action: string) => withRetries(() => client.call(action, asked), DEFAULT_RETRY);
  try {
    const found = await call("GetFunction").catch((error: unknown) => {
      if (!(error instanceof ServiceError) || !/^ResourceNotFound\.Function/.test(error.code)) throw error;
      throw new UserError(
        `function ${functionName} must be deployed in ${region}, namespace ${namespace}, got none; deploy it, or give --function`,
      );
    });
    const { ReservedMem: reserved } = await call("GetReservedConcurrencyConfig");
    const { prefixes, ...settings } = settingsOf(found, functionName);
    const places = placesOf(found.Triggers);
    return {
      region,
      functionName,
      namespace,
      memoryMb: Number(found.MemorySize),
      timeoutSeconds: Number(found.Timeout),
      ...(typeof reserved === "number" && reserved > 0 && { reservedMb: reserved }),
      ...settings,
      places: prefixes ? places.flatMap((place) => below(place, prefixes)) : places,
      isClosed: prefixes !== undefined,
    };
  } finally {
    client.close();
  }
}

/** A trigger covers the common prefix of all prefixes of a source. */
function below(place: Place, prefixes: readonly string[]): Place[] {
  return prefixes.filter((prefix) => prefix.startsWith(place.prefix)).map((prefix) => ({ ...place, prefix }));
}

type FromSettings = Pick<Target, "quarantine" | "outputs"> & { readonly prefixes?: readonly string[] };

function settingsOf(found: Record<string, unknown>, functionName: string): FromSettings {
  const { quarantine, outputs, prefixes } = objectIn(deployedVariables(found)[SETTINGS_VARIABLE] ?? "") ?? {};
  if (!isQuarantine(quarantine)) {
    throw new UserError(
      `function ${functionName} must be that of a pipeline, got one without LOGS_SETTINGS that name a quarantine; ` +
        `name the pipeline's function with --function`,
    );
  }
  const { bucket, region, prefix } = quarantine;
  return {
    quarantine: { bucket, region, prefix },
    ...(Array.isArray(prefixes) && { prefixes: prefixes.map(String) }),
    outputs: Object.fromEntries(
      Object.entries(isObject(outputs) ? outputs : {}).filter((entry): entry is [string, Record<string, unknown>] =>
        isObject(entry[1]),
      ),
    ),
  };
}

/** Fact: docs/design/facts/provider.md#trigger-resource. */
function placesOf(triggers: unknown): Place[] {
  return (Array.isArray(triggers) ? triggers : []).flatMap((trigger: unknown) => {
    const {
      Type: type,
      TriggerName: name,
      TriggerDesc: text,
    } = (isObject(trigger) ? trigger : {}) as {
      [name: string]: unknown;
    };
    const [, bucket, region] = /^([a-z0-9-]+-\d{10})\.cos\.([a-z0-9-]+)\./.exec(String(name)) ?? [];
    if (type !== "cos" || bucket === undefined) return [];
    const { filter } = objectIn(String(text)) ?? {};
    const { Prefix: prefix = "", Suffix: suffix = "" } = (isObject(filter) ? filter : {}) as Record<string, unknown>;
    return [{ bucket, region, prefix: String(prefix), suffix: String(suffix) }];
  });
}
