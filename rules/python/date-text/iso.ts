import { daysInMonth } from "../calendar";
import { PyDatetime } from "../datetime";
import { fixedZone, type Zone } from "../zone";

const DIGIT_0 = 48;

/**
 * The notation of nearly all logs, parsed without tokens: `2019-06-03`, `2019-06-03 02:41:26`,
 * `2019-06-03T02:41:26.123+08:00`, `...Z`. `undefined` for anything else, which is left to the general parser.
 */
export function parseIso(text: string): PyDatetime | undefined {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (text[4] !== "-" || text[7] !== "-" || !(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  if (day > daysInMonth(year, month)) return undefined;
  if (text.length === 10) return PyDatetime.fromWall({ year, month, day }, null);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const isClock = (text[10] === " " || text[10] === "T") && text[13] === ":" && text[16] === ":";
  if (!isClock || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  const fractionEnd = endOfFraction(text);
  const zone = zoneAt(text, fractionEnd);
  if (zone === undefined) return undefined;
  const microsecond = fractionEnd === 19 ? 0 : Number(text.slice(20, fractionEnd).padEnd(6, "0").slice(0, 6));
  return PyDatetime.fromWall({ year, month, day, hour, minute, second, microsecond }, zone);
}

/** The number with that many digits; NaN if there are other characters. */
function digits(text: string, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = text.charCodeAt(at) - DIGIT_0;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Position after the fraction of the seconds; 19 if there is none. */
function endOfFraction(text: string): number {
  if (text[19] !== ".") return 19;
  let end = 20;
  while (digits(text, end, 1) >= 0) end++;
  return end === 20 ? 19 : end;
}

/** The zone at the end of the text; `undefined` if there is anything else. */
function zoneAt(text: string, at: number): Zone | null | undefined {
  if (at === text.length) return null;
  if (text[at] === "Z" && at + 1 === text.length) return fixedZone(0);
  const hasColon = text[at + 3] === ":";
  if ((text[at] !== "+" && text[at] !== "-") || text.length !== at + (hasColon ? 6 : 5)) return undefined;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + (hasColon ? 4 : 3), 2);
  if (!(hours < 24 && minutes < 60)) return undefined;
  const offset = hours * 3600 + minutes * 60;
  return fixedZone(text[at] === "-" ? -offset : offset);
}
