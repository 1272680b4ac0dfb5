import { objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import type { LocalCloud } from "../../local";

/** Location of the notes of a pipeline's function. */
export interface FunctionQuarantine {
  readonly functionName: string;
  readonly region: string;
  readonly namespace: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** The quarantines of all pipelines in a cloud, from their functions' settings. */
export function quarantinesOf(cloud: LocalCloud): FunctionQuarantine[] {
  return cloud.functions.flatMap(({ spec }) => {
    const { quarantine } = objectIn(spec.environment[SETTINGS_VARIABLE] ?? "") ?? {};
    const { bucket, prefix } = (quarantine ?? {}) as { bucket?: string; prefix?: string };
    if (bucket === undefined || prefix === undefined) return [];
    const { name: functionName, namespace, region } = spec;
    return [{ functionName, region, namespace, bucket, prefix }];
  });
}
