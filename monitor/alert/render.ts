import type { ReceiverFormat } from "../definition/types";
import { FORMATS, type Format } from "./formats";
import { ALL, type Room, type Telling, type TextContext } from "./lines";

/** A message to a receiver. */
export interface Message {
  /** JSON in the service's format. */
  readonly body: string;
  /** Number of alerts that it includes, from the first on; at least one. */
  readonly taken: number;
}

/** Maximum number of alerts in a message. People would not read more. */
const MOST_TOGETHER = 20;

/** Limits for each of several alerts. */
const TOGETHER: Room = { around: 0, line: 300, value: 100, values: 10 };

/**
 * The message for one alert, or for as many as fit into one message. It stays within the limits of the receiver's
 * service, in that service's units, whatever an alert contains. Content that does not fit is left out, and the message
 * says so.
 *
 * @param share fraction of the limit to use: less than 1 if a service refused a size that its documentation allows
 */
export function messageOf(
  format: ReceiverFormat,
  tellings: readonly Telling[],
  context: Omit<TextContext, "keptAt">,
  share = 1,
): Message {
  const known = within(FORMATS[format], share);
  if (tellings.length === 1) return { body: single(known, tellings[0], context), taken: 1 };
  const most = tellings.slice(0, MOST_TOGETHER);
  const body = (taken: number) => known.body(most.slice(0, taken), context, TOGETHER);
  const taken = largest(1, most.length, (count) => known.fits(body(count)));
  if (taken > 1) return { body: body(taken), taken };
  return { body: single(known, tellings[0], context), taken: 1 };
}

function within(format: Format, share: number): Format {
  return share === 1 ? format : { ...format, fits: (body) => format.fits(body, share) };
}

/**
 * All of an alert, or as much as fits: the lines before the matched one are dropped first, then its line is truncated,
 * then the values.
 */
function single(format: Format, telling: Telling, context: Omit<TextContext, "keptAt">): string {
  const body = (room: Room) => format.body([telling], context, room);
  const fits = (room: Room) => format.fits(body(room));
  // No service accepts more characters, so anything longer need not be tried.
  const all: Room = { ...ALL, line: format.most, value: format.mostOfValue };
  if (fits(all)) return body(all);

  const lines = telling.alert.sample?.around.length ?? 0;
  const around = largest(0, lines, (count) => fits({ ...all, around: count }));
  const alone: Room = { ...all, around };
  if (fits(alone)) return body(alone);

  for (const bounds of SMALLER) {
    const room: Room = { ...alone, value: Math.min(format.mostOfValue, bounds.value), values: bounds.values };
    if (fits({ ...room, line: 0 }))
      return body({ ...room, line: largest(0, format.most, (line) => fits({ ...room, line })) });
  }
  return body({ ...alone, ...SMALLER[SMALLER.length - 1], line: 0 });
}

/**
 * Limits for everything except log lines, each smaller than the previous one. The last always fits a service's message.
 */
const SMALLER: readonly Pick<Room, "value" | "values">[] = [
  { value: Infinity, values: Infinity },
  { value: 400, values: 20 },
  { value: 100, values: 10 },
  { value: 30, values: 6 },
  { value: 12, values: 3 },
];

/** The largest number of a range that fits, or its lower end if none fits. */
function largest(least: number, most: number, fits: (count: number) => boolean): number {
  if (fits(most)) return most;
  let low = least;
  let high = most - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
