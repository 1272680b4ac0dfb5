import { Annotations, Construct, isToken, withoutTokens, type IConstruct } from "./framework";

/** One thing that is wrong: what, the value that was given, and how to mend it. */
export interface Violation {
  /** Stable identifier, listed in docs/errors.md. */
  readonly code: string;
  /** What is wrong: the prop, the rule, the value and the remedy. */
  readonly message: string;
}

/** Thrown at synth for props that the cloud, the provider or the parser would refuse, or that would do harm. */
export class LogsError extends Error {
  /** `LogsError`, to be told apart by. */
  override readonly name = "LogsError";
  /** Code of the first violation. */
  readonly code: string;

  constructor(
    /** Path of the construct whose props are wrong. */
    readonly constructPath: string,
    /** All that is wrong, in the order of the props. */
    readonly violations: readonly [Violation, ...Violation[]],
  ) {
    super(violations.map(({ code, message }) => `[${constructPath}] ${message} (${code})`).join("\n"));
    this.code = violations[0].code;
  }
}

/** Throws a {@link LogsError} for one violation of a construct, or of the one at a path. */
export function refuse(scope: IConstruct | string, code: string, message: string): never {
  throw new LogsError(pathOf(scope), [{ code, message }]);
}

function pathOf(scope: IConstruct | string): string {
  return typeof scope === "string" ? scope : scope.node.path;
}

/** Warns at synth of a value that the cloud may know and we do not: lists that it extends are no errors. */
export function warnUnless(
  scope: IConstruct,
  path: string,
  value: string | undefined,
  pattern: RegExp,
  warning: string,
): void {
  if (value === undefined || isToken(value) || pattern.test(value)) return;
  Annotations.of(scope).addWarning(`${path} ${warning}, got ${JSON.stringify(value)}`);
}

/** Whole numbers that are allowed; both ends included. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  /** The value must be a multiple of it. @default 1 */
  readonly step?: number;
  /** Single values that are allowed besides. @default none */
  readonly also?: readonly number[];
  readonly unit?: string;
}

/**
 * Collects what is wrong with a props object, so that a user sees all of it at once. Absent values and tokens pass:
 * the plan will know them, we do not.
 */
export class Checks {
  private readonly violations: Violation[] = [];

  /** @param scope the construct, or the name of what has no place in the tree, like `LogTopic.fromTopicAttributes` */
  constructor(readonly scope: IConstruct | string) {}

  integer(path: string, value: number | undefined, range: IntegerRange, code: string): this {
    const { min, max, step = 1, also = [], unit } = range;
    const fits = (given: number) =>
      (Number.isInteger(given) && given >= min && given <= max && given % step === 0) || also.includes(given);
    const rule =
      `must be a whole number from ${min} to ${max}${unit ? ` ${unit}` : ""}` +
      (step > 1 ? ` in steps of ${step}` : "") +
      (also.length > 0 ? ` or ${also.join(", ")}` : "");
    const passes = value === undefined || isTokenOf(value, "number") || fits(value);
    return this.that(
      passes,
      code,
      () => `${path} ${rule}, got ${shown(value)}; the nearest is ${nearest(value, range)}`,
    );
  }

  pattern(path: string, value: string | undefined, pattern: RegExp, rule: string, remedy: string, code: string): this {
    const isText = typeof value === "string";
    const passes = value === undefined || isTokenOf(value, "string") || (isText && pattern.test(value));
    return this.that(passes, code, () => `${path} ${rule}, got ${shown(value)}; ${remedy}`);
  }

  oneOf(path: string, value: string | undefined, allowed: readonly string[], remedy: string, code: string): this {
    const passes = value === undefined || isTokenOf(value, "string") || allowed.includes(value);
    const list = allowed.map((item) => JSON.stringify(item)).join(" or ");
    return this.that(passes, code, () => `${path} must be ${list}, got ${shown(value)}; ${remedy}`);
  }

  /**
   * The id or the name of something in the cloud, which is no text of the user's: it stands in plans as it is, and in
   * policies, where `*` and `?` would stand for others too.
   */
  identifier(path: string, value: string | undefined): this {
    return this.pattern(
      path,
      value,
      /^(?!(undefined|null)$)[\w.:$-]+$/,
      "must be a name or an id of letters, digits and ._:$-",
      "copy it from the console",
      "LOGS_IDENTIFIER",
    );
  }

  /** A key prefix that a policy names. Tokens hold neither character as text. */
  noWildcards(path: string, prefix: string | undefined): this {
    return this.that(
      prefix === undefined || !/[*?]/.test(prefix),
      "LOGS_PREFIX_WILDCARD",
      () =>
        `${path} must hold no * and no ?, got ${shown(prefix)}; ` +
        `policies read both as wildcards, and know no escape: choose another prefix`,
    );
  }

  /** A secret: a literal is refused, and never shown. */
  secret(path: string, value: string | undefined): this {
    return this.that(
      value === undefined || isTokenOf(value, "string"),
      "LOGS_SECRET_LITERAL",
      () =>
        `${path} must be a value that only the plan knows, got a literal; declare a sensitive TerraformVariable in ` +
        `your stack and pass its stringValue`,
    );
  }

  that(passes: boolean, code: string, message: () => string): this {
    if (!passes) this.violations.push({ code, message: message() });
    return this;
  }

  /** Throws what was collected, if anything. */
  throwIfAny(): void {
    const [first, ...others] = this.violations;
    if (first === undefined) return;
    throw new LogsError(pathOf(this.scope), [first, ...others]);
  }

  /** How many were collected. */
  get count(): number {
    return this.violations.length;
  }

  /** What was collected, as the framework's own validations tell it. */
  get messages(): string[] {
    return this.violations.map(({ code, message }) => `${message} (${code})`);
  }
}

/**
 * Checks what only the whole app shows, such as a provider that is made after the construct: when the stack is
 * synthesized. What is wrong is part of the framework's validation error.
 */
export function checkAtSynth(scope: IConstruct, check: (checks: Checks) => void): void {
  scope.node.addValidation({
    validate: () => {
      const checks = new Checks(scope);
      check(checks);
      return checks.messages;
    },
  });
}

/** Whether a value is a token in the form of a text or of a number. */
function isTokenOf(value: unknown, type: "string" | "number"): boolean {
  return typeof value === type && isToken(value);
}

/** A value as errors tell it: literals, and plain lists and objects, as JSON; all else by what it is. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (isToken(value) && typeof value !== "string") return "a token of another type";
  if (typeof value === "string") return withoutTokens(JSON.stringify(value));
  if (typeof value !== "object" || value === null) return typeof value === "function" ? "a function" : String(value);
  if (Construct.isConstruct(value)) return `the ${value.constructor.name} ${value.node.path}`;
  const { name } = (Object.getPrototypeOf(value) as object | null)?.constructor ?? Object;
  if (name !== "Object" && name !== "Array") return `an instance of ${name}`;
  try {
    const json = withoutTokens(JSON.stringify(value));
    return json.length <= LONGEST_SHOWN ? json : `${json.slice(0, LONGEST_SHOWN)}…`;
  } catch {
    return name === "Array" ? "a list" : "an object";
  }
}

const LONGEST_SHOWN = 200;

/** Props that need no check of their own: see {@link alreadyChecked}. */
const CHECKED = new WeakSet<object>();

/** Marks the props of a construct that another makes, which has said all that is wrong with them among its own. */
export function alreadyChecked<Props extends object>(props: Props): Props {
  CHECKED.add(props);
  return props;
}

/** Whether props are marked by {@link alreadyChecked}. */
export function isChecked(props: object): boolean {
  return CHECKED.has(props);
}

/** The allowed value next to one that is not. */
function nearest(value: unknown, { min, max, step = 1 }: IntegerRange): number {
  const stepped = Math.round((typeof value === "number" ? value : min) / step) * step;
  return Math.min(max, Math.max(min, Number.isNaN(stepped) ? min : stepped));
}
