import { RowFailure } from "../values";

/** Offset of a zone from UTC at a time, in minutes: `UTC+8`, `+08:00`, `Z`, `Asia/Shanghai`. */
export function offsetMinutes(zone: string, time: number): number {
  const [, sign, hours, minutes = "0"] = /^(?:UTC|GMT|UT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign !== undefined) return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  if (/^(?:Z|UTC|GMT|UT)?$/.test(zone)) return 0;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    return name === "GMT" ? 0 : offsetMinutes(name, time);
  } catch {
    throw new RowFailure(`zone must be one of Java's, such as UTC+8 or Asia/Shanghai, got ${zone}`);
  }
}
