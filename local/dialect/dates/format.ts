import { RowFailure } from "../values";
import { offsetMinutes } from "./zone";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** Formats a time with a pattern of Java's DateTimeFormatter. */
export function formatDate(time: number, pattern: string, zone: string): string {
  const offset = offsetMinutes(zone, time);
  const local = new Date(time + offset * 60_000);
  return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (run, quoted: string | undefined) => {
    if (run === "''") return "'";
    return quoted === undefined ? letters(run, local, offset) : quoted.replaceAll("''", "'");
  });
}

function letters(run: string, local: Date, offset: number): string {
  const count = run.length;
  const padded = (value: number): string => String(value).padStart(count, "0");
  const named = (name: string): string => (count > 3 ? name : name.slice(0, 3));
  switch (run[0]) {
    case "y":
    case "u":
      return count === 2 ? String(local.getUTCFullYear() % 100).padStart(2, "0") : padded(local.getUTCFullYear());
    case "M":
    case "L":
      return count > 2 ? named(MONTHS[local.getUTCMonth()]) : padded(local.getUTCMonth() + 1);
    case "d":
      return padded(local.getUTCDate());
    case "D":
      return padded(1 + Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000));
    case "E":
      return named(DAYS[local.getUTCDay()]);
    case "a":
      return local.getUTCHours() < 12 ? "AM" : "PM";
    case "H":
      return padded(local.getUTCHours());
    case "h":
      return padded(local.getUTCHours() % 12 || 12);
    case "m":
      return padded(local.getUTCMinutes());
    case "s":
      return padded(local.getUTCSeconds());
    case "S":
    case "n":
      return String(local.getUTCMilliseconds()).padStart(3, "0").padEnd(9, "0").slice(0, count);
    case "x":
    case "X":
    case "Z":
    case "z":
      return offsetText(run, offset);
  }
  throw new RowFailure(`a format must have letters of Java's DateTimeFormatter that are known here, got ${run}`);
}

function offsetText(run: string, offset: number): string {
  if (offset === 0 && run[0] === "X") return "Z";
  if (run[0] === "z" && offset === 0) return "UTC";
  const size = Math.abs(offset);
  const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, "0"));
  const separator = run[0] !== "Z" && run.length === 3 ? ":" : "";
  return `${offset < 0 ? "-" : "+"}${hours}${separator}${minutes}`;
}
