import { Annotations, Construct, isToken, withoutTokens, type IConstruct } from "./framework";

/** One problem with the props of a construct: the prop, the rule, the given value and the remedy. */
export interface Violation {
  /** Stable identifier, listed in docs/errors.md. */
  readonly code: string;
  /** Describes the problem: the prop, the rule, the value and the remedy. */
  readonly message: string;
}

/** Thrown at synth for props that the cloud, the provider or the parser would refuse, or that would cause harm. */
export class LogsError extends Error {
  /** Always `LogsError`. Use it to identify the error. */
  override readonly name = "LogsError";
  /** Code of the first violation. */
  readonly code: string;

  constructor(
    /** Path of the construct whose props are wrong. */
    readonly constructPath: string,
    /** All violations, in the order of the props. */
    readonly violations: readonly [Violation, ...Violation[]],
  ) {
    super(violations.map(({ code, message }) => `[${constructPath}] ${message} (${code})`).join("\n"));
    this.code = violations[0].code;
  }
}

/** Throws a {@link LogsError} with one violation of a construct, or of the construct at a path. */
export function refuse(scope: IConstruct | string, code: string, message: string): never {
  throw new LogsError(pathOf(scope), [{ code, message }]);
}

function pathOf(scope: IConstruct | string): string {
  return typeof scope === "string" ? scope : scope.node.path;
}

/**
 * Adds a warning at synth about a value that the cloud might accept although this release does not know it. The cloud
 * extends these lists, so it is not an error.
 */
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

/** Range of allowed integers, both ends included. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  /** The value must be a multiple of this. @default 1 */
  readonly step?: number;
  /** Individual values that are also allowed. @default none */
  readonly also?: readonly number[];
  readonly unit?: string;
}

/**
 * Collects all violations of a props object, so that the user sees them at once. Absent values and tokens pass: only
 * the plan knows them.
 */
export class Checks {
  private readonly violations: Violation[] = [];

  /** @param scope the construct, or a name if there is no construct, such as `LogTopic.fromTopicAttributes` */
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
   * Checks the id or name of something in the cloud. It appears unchanged in plans, and in policies, where `*` and `?`
   * would match other resources too.
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

  /** Checks a key prefix that a policy names. Tokens as text contain neither character. */
  noWildcards(path: string, prefix: string | undefined): this {
    return this.that(
      prefix === undefined || !/[*?]/.test(prefix),
      "LOGS_PREFIX_WILDCARD",
      () =>
        `${path} must hold no * and no ?, got ${shown(prefix)}; ` +
        `policies read both as wildcards, and know no escape: choose another prefix`,
    );
  }

  /** Checks a secret: a literal is refused, and its value never shown. */
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

  /** Throws the collected violations, if there are any. */
  throwIfAny(): void {
    const [first, ...others] = this.violations;
    if (first === undefined) return;
    throw new LogsError(pathOf(this.scope), [first, ...others]);
  }

  /** Number of collected violations. */
  get count(): number {
    return this.violations.length;
  }

  /** The collected violations, in the form of the framework's validation messages. */
  get messages(): string[] {
    return this.violations.map(({ code, message }) => `${message} (${code})`);
  }
}

/**
 * Runs checks that need the whole app, such as for a provider that is created after the construct. They run when the
 * stack is synthesized, and their violations are part of the framework's validation error.
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

/** Whether a value is a token in the form of a string or a number. */
function isTokenOf(value: unknown, type: "string" | "number"): boolean {
  return typeof value === type && isToken(value);
}

/** A value as errors show it: literals, plain lists and plain objects as JSON, everything else by its type. */
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

/** Props that need no further check: see {@link alreadyChecked}. */
const CHECKED = new WeakSet<object>();

/** Marks the props of a construct that another construct creates and has already checked as part of its own props. */
export function alreadyChecked<Props extends object>(props: Props): Props {
  CHECKED.add(props);
  return props;
}

/** Whether props are marked by {@link alreadyChecked}. */
export function isChecked(props: object): boolean {
  return CHECKED.has(props);
}

/** The allowed value nearest to a value that is not allowed. */
function nearest(value: unknown, { min, max, step = 1 }: IntegerRange): number {
  const stepped = Math.round((typeof value === "number" ? value : min) / step) * step;
  return Math.min(max, Math.max(min, Number.isNaN(stepped) ? min : stepped));
}
