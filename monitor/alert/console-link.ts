import { localTime } from "./time";

export const DEFAULT_CONSOLE = "console.tencentcloud.com";

/** Milliseconds before and after the moment that the search covers. */
const AROUND_MS = 5 * 60_000;

/**
 * Address of a CLS search in the console, around a moment in a topic. The search needs an index of the topic; without
 * one, the page opens and finds nothing. Facts: docs/design/facts/runtime.md#the-console.
 */
export function consoleLink(
  { region, topic }: { readonly region: string; readonly topic: string },
  at: number,
  { zone, host }: { readonly zone: string; readonly host: string },
): string {
  const time = `${localTime(at - AROUND_MS, zone)},${localTime(at + AROUND_MS, zone)}`;
  const query = Object.entries({ region, topic_id: topic, time }).map(([name, value]) => `${name}=${escaped(value)}`);
  return `https://${host}/cls/search?${query.join("&")}`;
}

/**
 * Percent-encodes, except for characters that are more readable unencoded. Brackets and quotes, which can end a link,
 * are always encoded.
 */
function escaped(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, "\ufffd"))
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",");
}
