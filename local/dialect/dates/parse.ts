import { RowFailure, shorten } from "../values";
import { offsetMinutes } from "./zone";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const CLOCK = String.raw`(?:[T :]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2}|UTC|GMT)?$`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${CLOCK}`);
const DAY_FIRST = new RegExp(String.raw`^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[-/ ]([A-Za-z]{3,9})[-/ ,]+(\d{4})${CLOCK}`);

/**
 * Parses a date, or a timestamp in seconds or milliseconds, to milliseconds since 1970. The zone is for texts without
 * one.
 */
export function parseDate(given: string, zone: string): number {
  const text = given.trim();
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) return timeOf(yearFirst[1], Number(yearFirst[2]), yearFirst[3], yearFirst.slice(4), zone);
  const dayFirst = DAY_FIRST.exec(text);
  const month = MONTHS.indexOf(dayFirst?.[2].slice(0, 3).toLowerCase() ?? "") + 1;
  if (dayFirst && month > 0) return timeOf(dayFirst[3], month, dayFirst[1], dayFirst.slice(4), zone);
  throw new RowFailure(`a date must be of a form that is known, got ${shorten(text)}`);
}

function timeOf(
  year: string,
  month: number,
  day: string,
  clock: readonly (string | undefined)[],
  zone: string,
): number {
  const [hours = "0", minutes = "0", seconds = "0", fraction = "", ownZone] = clock;
  const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
  const date = [Number(year), month - 1, Number(day), Number(hours), Number(minutes), Number(seconds)] as const;
  const local = Date.UTC(...date, milliseconds);
  const read = new Date(local);
  if (read.getUTCMonth() !== date[1] || read.getUTCDate() !== date[2]) {
    throw new RowFailure(`a date must exist, got ${year}-${month}-${day}`);
  }
  return local - offsetMinutes(ownZone ?? zone, local) * 60_000;
}
