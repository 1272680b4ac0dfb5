import { LogsError } from "../../../lib/errors";
import { declaredProps } from "../../lib/props/declarations";
import { MAKERS } from "../../lib/props/makers";
import { ANY_TOKEN, TOKENS } from "../../lib/props/values";
import { testStack } from "../../lib/support/stack";

/** What a construct does with a value that only the plan will know, prop by prop: it takes it, or wants to know it at synth. */
export function tokenRows(): string[][] {
  const subjects = declaredProps();
  return Object.keys(MAKERS)
    .filter((name) => !name.includes(".") && subjects.has(name))
    .sort()
    .map((name) => {
      const answers = (subjects.get(name) ?? []).map((prop) => ({ prop: prop.name, code: codeOf(name, prop.name) }));
      const taken = answers.filter(({ code }) => code === undefined).map(({ prop }) => prop);
      const known = answers.filter(({ code }) => code === "LOGS_PROP_TOKEN").map(({ prop }) => prop);
      return [`\`${name}\``, listed(taken), listed(known)];
    });
}

/** The code by which a token is refused as a prop; nothing where it is taken. */
function codeOf(name: string, prop: string): string | undefined {
  const { base, make } = MAKERS[name];
  const stack = testStack();
  try {
    make(stack, { ...base(stack), [prop]: TOKENS[ANY_TOKEN](stack) } as never);
    return undefined;
  } catch (error) {
    if (!(error instanceof LogsError)) throw error;
    return error.code;
  }
}

function listed(props: readonly string[]): string {
  return props.map((prop) => `\`${prop}\``).join(", ");
}
