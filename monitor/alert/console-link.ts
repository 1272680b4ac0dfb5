import { localTime } from "./time";

export const DEFAULT_CONSOLE = "console.tencentcloud.com";

/** Milliseconds before and after the moment that the search shows. */
const AROUND_MS = 5 * 60_000;

/**
 * The address of CLS's search in the console, at a moment of a topic. What it opens needs an index of the topic; without one
 * the page opens and finds nothing. Facts: docs/design/facts/runtime.md#the-console.
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

/** Percent-encoded, but for what reads better as it is; the brackets and quotes that end links are none of that. */
function escaped(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, "\ufffd"))
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",");
}
