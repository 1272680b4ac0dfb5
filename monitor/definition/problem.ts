/** Keys and indexes that lead to a part of a definition: `["monitors", 0, "match", "status"]`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a definition: `<path> <rule>, got <got>; <remedy>`. */
export interface DefinitionProblem {
  readonly path: Path;
  /** Whether the last key of the path is what is wrong, and not the value under it. */
  readonly isKey: boolean;
  readonly rule: string;
  /** The value as it may be told: never that of a secret. */
  readonly got: string;
  readonly remedy: string;
  /** Where in the text under the path, in UTF-16 units, the end excluded: of a pattern or a rule text. */
  readonly span?: { readonly start: number; readonly end: number };
}

/** `monitors[0].match.status`, as errors write it; what a path cannot say plainly is quoted. */
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

/** What a problem says beside its rule. */
interface Report {
  readonly remedy: string;
  /** @default the value as JSON, cut */
  readonly got?: string;
  readonly isKey?: boolean;
  readonly span?: DefinitionProblem["span"];
}

/** A value on its way through a definition: where it stands, and what was found wrong so far. */
export class Reading {
  /** @param isUnresolved whether only the plan will know a value: where a topic or a bucket is, for one */
  constructor(
    readonly path: Path = [],
    readonly problems: DefinitionProblem[] = [],
    readonly isUnresolved: (value: unknown) => boolean = () => false,
  ) {}

  /** The same for a member. */
  at(...keys: Path): Reading {
    return new Reading([...this.path, ...keys], this.problems, this.isUnresolved);
  }

  /** Says that the value breaks a rule. */
  report(rule: string, value: unknown, { got = shown(value), remedy, isKey = false, span }: Report): undefined {
    this.problems.push({ path: this.path, isKey, rule, got, remedy, ...(span && { span }) });
    return undefined;
  }

  /** Says that only the plan will know a value on which depends what the definition means. */
  reportUnresolved(): undefined {
    const remedy = "write the value itself";
    return this.report("must be known when the definition is written", undefined, { got: "a token", remedy });
  }
}

/** Characters of a value that an error repeats. */
const LONGEST_SHOWN = 120;

/** A value as errors show it. */
export function shown(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}
