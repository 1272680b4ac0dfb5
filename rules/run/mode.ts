import type { Event } from "./event";
import { toText } from "./text";
import type { Value } from "./values";

/** When a value is written to a field that can already exist. */
export const MODES = ["fill", "fill-auto", "add", "add-auto", "overwrite", "overwrite-auto"] as const;

export type Mode = (typeof MODES)[number];

/** Writes a value to a field; None is never written, nor is a field without a name. */
export type Write = (event: Event, name: string, value: Value | undefined) => void;

/**
 * The writer of a mode: `fill` writes if the field is absent or empty, `add` if it is absent, `overwrite` always;
 * `-auto` skips empty values.
 */
export function writer(mode: Mode): Write {
  const skipsEmpty = mode.endsWith("-auto");
  const [base] = mode.split("-");
  const isTaken =
    base === "overwrite"
      ? () => false
      : base === "add"
        ? (event: Event, name: string) => event.has(name)
        : (event: Event, name: string) => Boolean(event.get(name));
  return (event, name, value) => {
    if (value === null || value === undefined || name === "" || isTaken(event, name)) return;
    const text = toText(value);
    if (skipsEmpty && text === "") return;
    event.set(name, text);
  };
}
