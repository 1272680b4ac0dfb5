/** Times of logs by `strptime`, for handlers without rules: see "rules by their index" in laws.config.mjs. */
import { RuleFailure } from "../run/values";
import { faultOfStrptime, strptime } from "./strptime";
import { isZone, type Zone, zoneByName } from "./zone";

export { isZone, zoneByName, type Zone };

/** What is wrong with a time format for logs; undefined if every matching text is a single instant. */
export function faultOfTimeFormat(format: string): string | undefined {
  const fault = faultOfStrptime(format);
  if (fault !== undefined) return fault;
  const named = (letters: string) => [...letters].some((letter) => new RegExp(`(?<!%)(?:%%)*%${letter}`).test(format));
  if (named("cx") || (named("G") && named("V"))) return undefined;
  if (!named("Yy")) return "it names no year";
  return named("j") || (named("mbB") && named("d")) || named("UW") ? undefined : "it names no day of the year";
}

/** Returns a parser of times to epoch milliseconds; its result is undefined for text that does not match the format. */
export function timeReader(format: string, zone: Zone): (text: string) => number | undefined {
  return (text) => {
    try {
      const { wall, zone: own, instant, microsecond } = strptime(text, format);
      const seconds = own === null ? wall - zone.offsetOfWall(wall) : instant;
      return seconds * 1000 + Math.floor(microsecond / 1000);
    } catch (error) {
      if (error instanceof RuleFailure) return undefined;
      throw error;
    }
  };
}
