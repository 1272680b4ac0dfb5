import type { Fields } from "../../../functions/records/contracts";
import { checkRules, compileRules } from "../../../rules/run/engine";
import { Event } from "../../../rules/run/event";
import { compileNative, type NativeRules } from "../../../rules/native/compile";
import { renderProblem } from "../../../rules/check/problem";
import { Program } from "../../../local/dialect/program";
import { parts } from "../support";

/** Where events without a name of an output go. */
export const DEFAULT = "default";

/** An event that leaves: its output and its fields. Their JSON is compared as such: CLS writes it without blanks. */
export type Left = readonly [output: string, fields: Record<string, unknown>];

/** The text in CLS's dialect, and all that CLS cannot do as people read it. */
export function native(text: string): { compiled: NativeRules; problems: string[] } {
  const errors = checkRules(text, { parts }).problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => renderProblem(text, error)).join("\n"));
  const compiled = compileNative(text, { parts, defaultOutput: DEFAULT });
  return { compiled, problems: compiled.problems.map((problem) => renderProblem(text, problem)) };
}

/** Makes both engines of a text: ours, and CLS's dialect on the evaluator. An event that fails leaves nothing in both. */
export function bothEngines(text: string): Record<"ours" | "cls", (fields: Fields) => Left[]> {
  const { compiled, problems } = native(text);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const rules = compileRules(text, { parts, environment: {} });
  const program = new Program(compiled.text);
  return {
    ours: (fields) =>
      rules
        .run(new Event(fields))
        .emitted.flatMap(({ output, event }) =>
          output === "dropped" ? [] : [[output ?? DEFAULT, comparable(JSON.parse(JSON.stringify(event.fields)))]],
        ),
    cls: (fields) => {
      const { outputs, rest } = program.run(fields);
      if (rest.length > 0) throw new Error(`every row must leave or be dropped, got ${JSON.stringify(rest)}`);
      return outputs.map(({ destination, row }) => [
        "alias" in destination ? destination.alias : "",
        comparable(row.toJSON()),
      ]);
    },
  };
}

function comparable(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, /^[[{]/.test(String(value)) ? json(String(value)) : value]),
  );
}

function json(text: string): unknown {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return text;
  }
}
