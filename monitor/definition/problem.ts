/** Keys and indexes of a value in a definition: `["monitors", 0, "match", "status"]`. */
export type Path = readonly (string | number)[];

/** One problem of a definition: `<path> <rule>, got <got>; <remedy>`. */
export interface DefinitionProblem {
  readonly path: Path;
  /** Whether the last key of the path is wrong, rather than the value under it. */
  readonly isKey: boolean;
  readonly rule: string;
  /** The value in a form that can be shown: never a secret. */
  readonly got: string;
  readonly remedy: string;
  /** Position in a pattern or a rule text under the path, in UTF-16 units, the end excluded. */
  readonly span?: { readonly start: number; readonly end: number };
}

/** `monitors[0].match.status`, as in errors; keys with special characters are quoted. */
export function pathText(path: Path): string {
  const text = path.map((key) =>
    typeof key === "string" && /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
  );
  return text.join("").replace(/^\./, "") || "the definition";
}

/** A problem in one sentence. */
export function problemText({ path, rule, got, remedy }: DefinitionProblem): string {
  return `${pathText(path)} ${rule}, got ${got}; ${remedy}`;
}

/** Parts of a problem in addition to its rule. */
interface Report {
  readonly remedy: string;
  /** @default the value as JSON, truncated */
  readonly got?: string;
  readonly isKey?: boolean;
  readonly span?: DefinitionProblem["span"];
}

/** A value of a definition while it is read: its path, and the problems found so far. */
export class Reading {
  /** @param isUnresolved whether only the plan knows a value, such as the id of a topic or a bucket */
  constructor(
    readonly path: Path = [],
    readonly problems: DefinitionProblem[] = [],
    readonly isUnresolved: (value: unknown) => boolean = () => false,
  ) {}

  /** The same for a member. */
  at(...keys: Path): Reading {
    return new Reading([...this.path, ...keys], this.problems, this.isUnresolved);
  }

  /** Reports that the value breaks a rule. */
  report(rule: string, value: unknown, { got = shown(value), remedy, isKey = false, span }: Report): undefined {
    this.problems.push({ path: this.path, isKey, rule, got, remedy, ...(span && { span }) });
    return undefined;
  }

  /** Reports that only the plan knows a value that determines the meaning of the definition. */
  reportUnresolved(): undefined {
    const remedy = "write the value itself";
    return this.report("must be known when the definition is written", undefined, { got: "a token", remedy });
  }
}

/** Maximum characters of a value in an error. */
const LONGEST_SHOWN = 120;

/** A value as shown in errors. */
export function shown(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}
