import { LogsError } from "../../../lib/errors";
import { MAKERS } from "../../lib/props/makers";
import { ANY_TOKEN, TOKENS } from "../../lib/props/values";
import { testStack } from "../../lib/support/stack";
import type { Surface } from "./surface";

/** Names of props that differ from the construct's name. */
const PROPS_OF: Readonly<Record<string, string>> = { ClsOutput: "NetworkOutputProps" };

/** How a construct handles a value that only the plan knows, for each prop: it accepts it, or requires it at synth. */
export function tokenRows(surface: Surface): string[][] {
  // The framework stores a stack trace of each token, which takes most of the time here.
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
  // The order of a mapped type's members depends on what the compiler has processed before.
  const names = surface
    .propsOf(props)
    .map((prop) => prop.name)
    .sort();
  const answers = names.map((prop) => ({ prop, code: codeOf(name, prop) }));
  const taken = answers.filter(({ code }) => code === undefined);
  const known = answers.filter(({ code }) => code === "LOGS_PROP_TOKEN");
  return [`\`${name}\``, ...[taken, known].map((those) => those.map(({ prop }) => `\`${prop}\``).join(", "))];
}

/** The error code of a prop that refuses a token; undefined if it is accepted. */
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
