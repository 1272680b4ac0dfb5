import { textOf, type Value } from "./values";

/** When an existing field is written: see {@link Row.write}. */
const MODES = ["fill", "fill-auto", "add", "add-auto", "overwrite", "overwrite-auto"] as const;

export type Mode = (typeof MODES)[number];

export function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

/** A log as seen by the statements: fields by name, all of them texts. */
export class Row {
  private constructor(readonly fields: Map<string, string>) {}

  /** Values that are not texts are converted: null to `null`. */
  static of(fields: Readonly<Record<string, unknown>>): Row {
    return new Row(
      new Map(
        Object.entries(fields).map(([name, value]) => [
          name,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
    );
  }

  copy(): Row {
    return new Row(new Map(this.fields));
  }

  get(name: string): string | null {
    return this.fields.get(name) ?? null;
  }

  /**
   * Writes a field: `fill` if it is absent or empty, `add` if it is absent, `overwrite` always; `-auto` skips empty
   * values. An absent value is never written.
   */
  write(name: string, value: Value, mode: Mode = "overwrite"): void {
    if (value === null || name === "") return;
    const text = textOf(value);
    if (mode.endsWith("-auto") && text === "") return;
    if (mode.startsWith("fill") && Boolean(this.fields.get(name))) return;
    if (mode.startsWith("add") && this.fields.has(name)) return;
    this.fields.set(name, text);
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.fields);
  }
}
