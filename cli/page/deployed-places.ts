import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { isQuarantine, type Quarantine } from "../quarantine/flags";

/** Locations of a deployed function's notes and alerts. */
export interface DeployedPlaces {
  /** Of a pipeline. */
  readonly quarantine?: Quarantine;
  /** Of monitors: topics that store each alert. */
  readonly records: readonly { readonly topicId: string; readonly region: string }[];
}

/** @param settings of one of the package's handlers: the JSON in the function's variable */
export function placesIn(settings: string): DeployedPlaces {
  const { quarantine, records, monitors } = objectIn(settings) ?? {};
  // A stream's function can run monitors; a monitor's function is one.
  const carried: unknown[] = Array.isArray(monitors) ? monitors : [];
  const kept = [records, ...carried.map((one) => (isObject(one) ? one.records : undefined))];
  return {
    ...(isQuarantine(quarantine) && { quarantine }),
    records: kept.filter(isTopic),
  };
}

function isTopic(value: unknown): value is { topicId: string; region: string } {
  return isObject(value) && typeof value.topicId === "string" && typeof value.region === "string";
}
