import type { TerraformStack } from "cdktf";
import { BundleError, LogsError } from "../../../lib";
import { Testing } from "../../../lib/framework";
import { testStack } from "../support/stack";
import { declaredProps, type DeclaredProp } from "./declarations";
import { MAKERS, type Maker } from "./makers";
import { ANY_TOKEN, EMPTY, TOKEN_MARK, TOKENS, VALUES, type Values } from "./values";

/** What looks at plans and adds nothing to them: its props have tests of their own. */
const MAKES_NOTHING: ReadonlySet<string> = new Set(["LogPipelineChecks"]);

/**
 * The law: every prop of every construct is rendered, is its documented default, or is refused with path, value and
 * remedy. The props are found in the declarations, so that a new one is tried at once.
 */
const SUBJECTS = new Map([...declaredProps()].filter(([name]) => !MAKES_NOTHING.has(name)));

type Step = string | number;

/** One prop of something, wherever it stands. */
interface Subject extends Pick<DeclaredProp, "fits" | "isOptional"> {
  readonly path: readonly Step[];
  readonly base: Maker["base"];
}

/** What became of a value: the plan, or the error. */
type Outcome = { readonly plan: string } | { readonly error: unknown };

/** Which of the names of values a prop is given: all, or a part that differs from prop to prop. */
export type Selection = (names: readonly string[], path: string) => readonly string[];

let tried = 0;

/** Tries every prop, with all values that the compiler takes for it, `null`, and a selection of others and of tokens. */
export function describeLaw(selection: Selection): void {
  // The framework keeps a stack trace of each token, which costs more here than all else.
  const { prepareStackTrace } = Error;
  beforeAll(() => (Error.prepareStackTrace = String));
  afterAll(() => (Error.prepareStackTrace = prepareStackTrace));
  afterAll(() => console.info(`props: ${tried} values of ${SUBJECTS.size} constructs and factories tried`));

  it("every construct and factory that takes props has a maker", () => {
    expect([...SUBJECTS.keys()].sort()).toEqual(Object.keys(MAKERS).sort());
  });

  describe.each(Object.keys(MAKERS))("every prop of %s", (name) => {
    const maker = MAKERS[name];
    const subjects = (SUBJECTS.get(name) ?? []).flatMap((prop) => {
      const base = baseOf(maker, prop);
      return subjectsIn([prop], base(testStack()), []).map((subject) => ({ ...subject, base }));
    });
    it.each(subjects.map((subject) => [shownPath(subject.path), subject] as const))("%s", (path, subject) => {
      expect(faultsOf(maker, subject, (names) => selection(names, name + path))).toEqual([]);
    });
  });
}

function faultsOf(maker: Maker, subject: Subject, select: (names: readonly string[]) => readonly string[]): string[] {
  const without = outcomeOf(maker, subject, () => undefined);
  const others = Object.keys(VALUES).filter((value) => !subject.fits.has(value) && value !== "null");
  return [
    ...judge("undefined", without, undefinedFault(subject, without)),
    ...["null", ...subject.fits, ...select(others)].flatMap((value) => {
      const outcome = outcomeOf(maker, subject, VALUES[value as keyof Values]);
      return judge(value, outcome, valueFault(subject, value, outcome, without));
    }),
    ...[ANY_TOKEN, ...select(Object.keys(TOKENS).filter((token) => token !== ANY_TOKEN))].flatMap((token) => {
      const outcome = outcomeOf(maker, subject, TOKENS[token]);
      return judge(token, outcome, tokenFault(subject, outcome));
    }),
  ];
}

/** The base that holds a prop with props of its own. */
function baseOf({ base, other }: Maker, { name, nested }: DeclaredProp): Maker["base"] {
  if (nested.length === 0 || other === undefined) return base;
  return base(testStack())[name] === undefined ? other : base;
}

/** The props of an object, and those of the objects that stand in the base. */
function subjectsIn(props: readonly DeclaredProp[], base: unknown, path: readonly Step[]): Omit<Subject, "base">[] {
  return props.flatMap(({ name, nested, ...prop }) => {
    const subject = { ...prop, path: [...path, name] };
    if (nested.length === 0) return [subject];
    const held = heldBy((base as Record<string, unknown>)[name], [...path, name]);
    return [subject, ...subjectsIn(nested, held.value, held.path)];
  });
}

/** The object that holds props of its own: a prop's value, its first item, or the first of its values. */
function heldBy(value: unknown, path: readonly Step[]): { value: unknown; path: readonly Step[] } {
  if (typeof value !== "object" || value === null) throw new Error(`the base must have ${shownPath(path)}, got none`);
  if (Array.isArray(value)) return { value: value[0] as unknown, path: [...path, 0] };
  if (path.at(-1) !== "fields") return { value, path };
  const [[key, item]] = Object.entries(value);
  return { value: item, path: [...path, key] };
}

function outcomeOf({ make }: Maker, { base, path }: Subject, value: (stack: TerraformStack) => unknown): Outcome {
  tried++;
  const stack = testStack();
  try {
    make(stack, withValue(base(stack), path, value(stack)) as never);
    return { plan: Testing.synth(stack) };
  } catch (error) {
    return { error };
  }
}

/** A copy with another value at a path. */
function withValue(whole: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown {
  if (Array.isArray(whole)) return whole.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  const members = whole as Record<string, unknown>;
  return { ...members, [step]: rest.length === 0 ? value : withValue(members[step], rest, value) };
}

function judge(value: string, outcome: Outcome, fault: string | undefined): string[] {
  if (fault === undefined) return [];
  return [`${value}: ${fault}${"error" in outcome ? `, got ${String(outcome.error)}` : ""}`];
}

/** A prop that may be left out may be needed beside others: the error names it then. */
function undefinedFault(subject: Subject, outcome: Outcome): string | undefined {
  if ("plan" in outcome) return subject.isOptional ? isPlan(outcome) : "must be refused, and is in the plan";
  return refusalFault(outcome, { path: subject.isOptional ? subject.path.slice(-1) : subject.path });
}

function valueFault(subject: Subject, value: string, outcome: Outcome, without: Outcome): string | undefined {
  if ("error" in outcome) return refusalFault(outcome, subject);
  if (!subject.fits.has(value)) return "a value of another type must be refused, and is in the plan";
  const isSame = "plan" in without && without.plan === outcome.plan;
  if (isSame && !EMPTY.includes(value)) return "the value must be in the plan, which is as without it";
  return isPlan(outcome);
}

function tokenFault(subject: Subject, outcome: Outcome): string | undefined {
  if ("error" in outcome) return refusalFault(outcome, subject);
  if (!outcome.plan.includes(`\${${TOKEN_MARK}`) && !new RegExp(`\\$\\{[^"]*${TOKEN_MARK}`).test(outcome.plan)) {
    return "the token must be in the plan, which does not name it";
  }
  return isPlan(outcome);
}

/** What is wrong with a plan, whatever it says. */
function isPlan(outcome: Outcome): string | undefined {
  if ("error" in outcome) return "must be in the plan, and is refused";
  const [wrong] = /\[object \w+\]|\bundefined\b|\bNaN\b|TfToken|"0":/.exec(outcome.plan) ?? [];
  return wrong === undefined ? undefined : `the plan must hold what was meant, and holds ${wrong}`;
}

/** What is wrong with a refusal: it has a code, and names path, value and remedy. */
function refusalFault(outcome: Outcome, { path }: Pick<Subject, "path">): string | undefined {
  if (!("error" in outcome)) return "must be refused, and is in the plan";
  const { error } = outcome;
  if (!(error instanceof LogsError || error instanceof BundleError)) return "the error must be a LogsError";
  const { message } = error;
  if (!message.includes(shownPath(path))) return `the error must name ${shownPath(path)}`;
  if (!/, (got [^]+|but .+); .+ \(LOGS_\w+\)/.test(message)) return "the error must say what was given, and what helps";
  const [wrong] = /\[object \w+\]|\bundefined\b|TfToken|e\+\d{3}/.exec(message) ?? [];
  return wrong === undefined ? undefined : `the error must show what was given, and shows ${wrong}`;
}

/** As messages name it. */
function shownPath(path: readonly Step[]): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}
