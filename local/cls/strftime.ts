import { Refusal } from "../refusal";

/** Offset of `GMT+08:00` or `UTC+08:00` in minutes. Throws for anything else. */
export function zoneOffsetMinutes(zone: string): number {
  const match = /^(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/.exec(zone);
  if (!match) throw new Refusal("InvalidParameter", `time_zone must be GMT±hh:mm or UTC±hh:mm, got "${zone}"`);
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === "-" ? -minutes : minutes;
}

/** Formats a time (milliseconds since 1970) as `strftime` does. Throws for an unknown directive. */
export function strftime(format: string, time: number, offsetMinutes: number): string {
  const date = new Date(time + offsetMinutes * 60_000);
  return format.replace(/%(.)/g, (directive, letter: string) => {
    const write = DIRECTIVES[letter];
    if (!write)
      throw new Refusal("InvalidParameter", `partition must hold known strftime directives, got "${directive}"`);
    return write(date);
  });
}

const DIRECTIVES: Record<string, (date: Date) => string> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => pad(date.getUTCFullYear() % 100),
  m: (date) => pad(date.getUTCMonth() + 1),
  d: (date) => pad(date.getUTCDate()),
  H: (date) => pad(date.getUTCHours()),
  M: (date) => pad(date.getUTCMinutes()),
  S: (date) => pad(date.getUTCSeconds()),
  j: (date) => pad(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1, 3),
  F: (date) => date.toISOString().slice(0, 10),
  "%": () => "%",
};

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
