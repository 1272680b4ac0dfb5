/** A pattern of uap-core. */
export interface Pattern {
  readonly regex: string;
  readonly regex_flag?: "i";
}

/** Patterns of browsers; a replacement is used instead of the group at its position, and `$1` in it is the first group. */
export interface AgentPattern extends Pattern {
  readonly family_replacement?: string;
  readonly v1_replacement?: string;
  readonly v2_replacement?: string;
}

export interface OsPattern extends Pattern {
  readonly os_replacement?: string;
  readonly os_v1_replacement?: string;
  readonly os_v2_replacement?: string;
  readonly os_v3_replacement?: string;
  readonly os_v4_replacement?: string;
}

export interface DevicePattern extends Pattern {
  readonly device_replacement?: string;
  readonly brand_replacement?: string;
  readonly model_replacement?: string;
}

/** Tries patterns in order; each is compiled at its first use. */
export class Matcher<P extends Pattern, T> {
  readonly #patterns: readonly P[];
  readonly #regexes: RegExp[] = [];
  readonly #read: (match: RegExpExecArray, pattern: P) => T | undefined;

  /** @param read the result of a match; undefined if it names nothing, and the next pattern is tried */
  constructor(patterns: readonly P[], read: (match: RegExpExecArray, pattern: P) => T | undefined) {
    this.#patterns = patterns;
    this.#read = read;
  }

  find(text: string): T | undefined {
    for (let index = 0; index < this.#patterns.length; index++) {
      const pattern = this.#patterns[index];
      const regex = (this.#regexes[index] ??= new RegExp(pattern.regex, pattern.regex_flag));
      const match = regex.exec(text);
      const found = match && this.#read(match, pattern);
      if (found) return found;
    }
    return undefined;
  }
}

/** A replacement in which `$1` to `$9` are replaced by groups; undefined if it is empty. */
export function replaced(replacement: string, match: RegExpExecArray): string | undefined {
  return replacement.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "").trim() || undefined;
}
