const NUMBER = new Intl.NumberFormat("en");
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function numberText(value: number): string {
  return NUMBER.format(value);
}

/** `1,204 logs, 12/s` */
export function rateText(total: number, perSecond: number, unit: string): string {
  const words = total === 1 ? unit.replace(/s$/, "") : unit;
  return `${NUMBER.format(total)} ${words}${perSecond > 0 ? `, ${RATE.format(perSecond)}/s` : ""}`;
}

/** `14:03:07.123`, in the reader's time zone. */
export function clock(time: number, withMs = false): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  const text = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return withMs ? `${text}.${String(date.getMilliseconds()).padStart(3, "0")}` : text;
}
