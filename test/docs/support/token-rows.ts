import { LogsError } from "../../../lib/errors";
import { MAKERS } from "../../lib/props/makers";
import { ANY_TOKEN, TOKENS } from "../../lib/props/values";
import { testStack } from "../../lib/support/stack";
import type { Surface } from "./surface";

/** Where the props are not named after the construct. */
const PROPS_OF: Readonly<Record<string, string>> = { ClsOutput: "NetworkOutputProps" };

/** What a construct does with a value that only the plan will know, prop by prop: it takes it, or wants to know it at synth. */
export function tokenRows(surface: Surface): string[][] {
  // The framework keeps a stack trace of each token, which costs more here than all else.
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = String;
  try {
    const exported = new Set(surface.exportsOf("cdktf-tencent-logs").map(({ name }) => name));
    const subjects = Object.keys(MAKERS)
      .sort()
      .map((name) => ({ name, props: PROPS_OF[name] ?? `${name}Props` }));
    return subjects.filter(({ props }) => exported.has(props)).map(({ name, props }) => rowOf(surface, name, props));
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function rowOf(surface: Surface, name: string, props: string): string[] {
  // The order of a mapped type's members depends on what the compiler looked at before.
  const names = surface
    .propsOf(props)
    .map((prop) => prop.name)
    .sort();
  const answers = names.map((prop) => ({ prop, code: codeOf(name, prop) }));
  const taken = answers.filter(({ code }) => code === undefined);
  const known = answers.filter(({ code }) => code === "LOGS_PROP_TOKEN");
  return [`\`${name}\``, ...[taken, known].map((those) => those.map(({ prop }) => `\`${prop}\``).join(", "))];
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
