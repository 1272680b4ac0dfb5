import type { Monitor, QuietHours } from "../definition/types";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a monitor has quiet hours at that time. @param at milliseconds since 1970 */
export function isQuiet({ severity, quiet }: Pick<Monitor, "severity" | "quiet">, at: number): boolean {
  return severity !== "critical" && quiet.some((hours) => isWithin(hours, at));
}

function isWithin({ days, fromMinute, toMinute, zone }: QuietHours, at: number): boolean {
  const { day, minute } = localTime(zone, at);
  const begins = (name: string): boolean => days.length === 0 || days.includes(name);
  if (fromMinute < toMinute) return begins(DAYS[day]) && minute >= fromMinute && minute < toMinute;
  // Over midnight: the days are those on which the hours begin.
  return (begins(DAYS[day]) && minute >= fromMinute) || (begins(DAYS[(day + 6) % 7]) && minute < toMinute);
}

function localTime(zone: string, at: number): { readonly day: number; readonly minute: number } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: DAYS.indexOf(parts.weekday.toLowerCase()), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

/** When the mute of a group ends, in milliseconds; undefined if it is not muted. */
export function mutedUntil(
  monitor: Pick<Monitor, "group" | "mute">,
  group: readonly string[],
  at: number,
): number | undefined {
  const ends = mutesOf(monitor, group).filter((until) => until > at);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** Whether a mute of the group has ended, so that muted matches may still have to be reported. */
export function wasMuted(monitor: Pick<Monitor, "group" | "mute">, group: readonly string[], at: number): boolean {
  return mutesOf(monitor, group).some((until) => until <= at);
}

function mutesOf({ group: names, mute }: Pick<Monitor, "group" | "mute">, group: readonly string[]): number[] {
  const isOf = (values: Readonly<Record<string, string>>): boolean =>
    Object.entries(values).every(([name, value]) => group[names.indexOf(name)] === value);
  return mute.filter((one) => isOf(one.group)).map(({ until }) => until);
}
