import { violationsOf } from "./stack";

/** Accepted and refused values of a prop. `build` creates the construct in a separate stack. */
export interface PropCase<Value> {
  /** Path of the prop in messages. */
  readonly prop: string;
  readonly code: string;
  /** Text of the rule in messages. */
  readonly rule: string;
  readonly build: (value: Value) => unknown;
  readonly passes: readonly Value[];
  readonly refused: readonly Value[];
}

/** One test for accepted values, and one for refused values, with one violation that contains path, rule and value. */
export function describeProp<Value>({ prop, code, rule, build, passes, refused }: PropCase<Value>): void {
  const show = (values: readonly Value[]) =>
    values.map((value) => shorten(typeof value === "string" ? JSON.stringify(value) : String(value))).join(", ");

  it(`takes ${show(passes)} as ${prop}`, () => {
    for (const value of passes) expect(violationsOf(() => build(value))).toEqual([]);
  });

  it(`refuses ${show(refused)} as ${prop}: ${code}`, () => {
    for (const value of refused) {
      const got = typeof value === "string" ? JSON.stringify(value) : String(value);
      expect(violationsOf(() => build(value))).toEqual([[code, expect.stringContaining(`${prop} ${rule}`)]]);
      expect(violationsOf(() => build(value))[0][1]).toContain(`got ${got}`);
    }
  });
}

function shorten(text: string): string {
  if (/TfToken|e\+\d{3}/.test(text)) return "a token";
  return text.length > 32 ? `${text.slice(0, 24)}… (${text.length})` : text;
}
