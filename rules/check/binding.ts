import type { Parameter, Parameters, ParameterType } from "./parameters";
import { problem, type Problem } from "./problem";
import { suggestion } from "./similar";
import type { CallNode, Expression } from "../language/syntax-tree";

/** An argument and the type that it must have. */
export interface BoundArgument {
  readonly expression: Expression;
  readonly type: ParameterType;
  /** The parameter that it is passed to; absent for the arguments of a variadic parameter. */
  readonly parameter?: Parameter;
}

/** The arguments of a call by the parameters of its function. */
export interface Bound {
  /** By the first name of the parameter. */
  readonly named: ReadonlyMap<string, BoundArgument>;
  readonly rest: readonly BoundArgument[];
}

/** Assigns each argument to its parameter, as Python does, and reports arguments that do not fit. */
export function bind(call: CallNode, parameters: Parameters, report: (problem: Problem) => void): Bound {
  const named = new Map<string, BoundArgument>();
  const { positional, rest, keywords } = parameters;

  positional.slice(0, call.positional.length).forEach((parameter, at) => {
    named.set(parameter.names[0], { expression: call.positional[at], type: parameter.type, parameter });
  });
  const further = call.positional.slice(positional.length);
  if (!rest && further.length > 0) {
    const takes = `${call.name} takes ${positional.length} arguments at most, got ${call.positional.length}`;
    report(problem("RULES_ARGUMENTS", further[0].span, `${takes}; remove what is too much, or name it`));
  }

  const all = [...positional, ...keywords];
  for (const { name, span, value } of call.keywords) {
    const parameter = all.find(({ names }) => names.includes(name));
    if (!parameter) {
      const known = all.flatMap(({ names }) => names);
      const hint = suggestion(name, known) || (known.length > 0 ? `; it has ${known.join(", ")}` : "; it has none");
      report(problem("RULES_ARGUMENTS", span, `${call.name} has no parameter ${name}${hint}`));
    } else if (named.has(parameter.names[0])) {
      report(problem("RULES_ARGUMENTS", span, `${call.name} gets ${name} twice; keep one of the two`));
    } else {
      named.set(parameter.names[0], { expression: value, type: parameter.type, parameter });
    }
  }

  reportMissing(call, positional, named, report);
  return { named, rest: rest ? bindRest(call, further, rest, report) : [] };
}

function reportMissing(
  call: CallNode,
  positional: readonly Parameter[],
  named: ReadonlyMap<string, BoundArgument>,
  report: (problem: Problem) => void,
): void {
  const missing = positional.filter(({ names, optional }) => !optional && !named.has(names[0]));
  if (missing.length === 0) return;
  const list = missing.map(({ names }) => names[0]).join(", ");
  report(problem("RULES_ARGUMENTS", call.nameSpan, `${call.name} must get ${list}; add what is missing`));
}

function bindRest(
  call: CallNode,
  further: readonly Expression[],
  { types, least }: NonNullable<Parameters["rest"]>,
  report: (problem: Problem) => void,
): BoundArgument[] {
  const got = further.length;
  if (got < least) {
    const wants = types.length === 2 ? "a pair of arguments" : "an argument";
    report(problem("RULES_ARGUMENTS", call.nameSpan, `${call.name} must get ${wants} at least, got ${got}`));
  }
  // Documented rule texts end e_if with an operation without a condition, which runs if the last condition was false.
  const isOdd = got >= least && got % types.length !== 0;
  const hasElse = isOdd && call.name === "e_if";
  if (isOdd && !hasElse) {
    const message = `${call.name} takes its arguments in pairs, got ${got}; add or remove one`;
    report(problem("RULES_ARGUMENTS", further.at(-1)!.span, message));
  }
  return further.map((expression, at) => {
    const isElse = hasElse && at === got - 1;
    return { expression, type: isElse ? types[1] : types[at % types.length] };
  });
}
