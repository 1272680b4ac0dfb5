/**
 * Settings of a watched function in its variable `LOGS_LIVE`: a construct writes them; the reporter in the function and a
 * tail read them.
 */
import { objectIn } from "../runtime/checked-json";
import { network } from "../settings/network";
import { object, optional, type Read, Reading, text, type Written } from "../settings/schema";

/** Name of the environment variable with the settings. */
export const LIVE_VARIABLE = "LOGS_LIVE";

/** Schema of the settings. */
export const LIVE_SETTINGS = object({
  /** Id of the live topic. */
  topic: text,
  /** Bucket of the flags with its APPID, `name-1250000000`. */
  bucket: text,
  /** Region of the topic and the bucket. */
  region: text,
  /** The user's own handler, `index.main_handler`, if ours replaces it. */
  handler: optional(text),
  network,
});

export type LiveSettings = Read<typeof LIVE_SETTINGS>;
export type WrittenLiveSettings = Written<typeof LIVE_SETTINGS>;

/** Thrown if the settings are wrong; the message names the field, the required value and the actual one. */
export class LiveSettingsError extends Error {
  override readonly name = "LiveSettingsError";
  readonly code = "LOGS_LIVE_SETTINGS";
}

/**
 * Reads and checks the settings.
 *
 * @throws LiveSettingsError if they are missing or wrong
 */
export function readLiveSettings(value: string | undefined): LiveSettings {
  const given = objectIn(value ?? "");
  if (!given) {
    const got = value === undefined || value === "" ? "nothing" : "another text";
    throw new LiveSettingsError(`${LIVE_VARIABLE} must hold a JSON object, got ${got}; set liveLog of the function`);
  }
  const reading = new Reading(LIVE_VARIABLE);
  const settings = LIVE_SETTINGS.read(given, reading);
  const [problem] = reading.problems;
  if (problem === undefined) return settings;
  const { path, rule, got, known } = problem;
  const remedy = known ? `known are ${known.join(", ")}` : "deploy the function's code and its settings together";
  throw new LiveSettingsError(`${path} ${rule}, got ${got}; ${remedy}`);
}
