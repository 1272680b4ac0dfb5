/** Thrown when the settings are missing or wrong; the message names the field, what it must be and what it was. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "LOGS_SETTINGS";
}

/** The value as an object that is no list. Like all checks here it throws {@link SettingsError} with the field's path. */
export function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(path, "must be an object", value);
  return value as Record<string, unknown>;
}

export function text(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw wrong(path, "must be a non-empty string", value);
  return value;
}

export function texts(value: unknown, path: string): string[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(path, "must be a list that is not empty", value);
  return value.map((item, index) => text(item, `${path}[${index}]`));
}

export function positiveInteger(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) <= 0) throw wrong(path, "must be a positive integer", value);
  return value as number;
}

/** The value as one of a few words. */
export function oneOf<Word extends string>(value: unknown, path: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const quoted = words.map((candidate) => JSON.stringify(candidate));
  const list = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter(Boolean).join(" or ");
  throw wrong(path, `must be ${list}`, value);
}

/** A key prefix: a folder's, so that no key of another folder begins with it. */
export function folder(value: unknown, path: string): string {
  const prefix = text(value, path);
  if (!prefix.endsWith("/")) throw wrong(path, "must end with /", prefix);
  return prefix;
}

/** The value, unless there is none. */
export function optional<T>(value: unknown, path: string, check: (value: unknown, path: string) => T): T | undefined {
  return value === undefined ? undefined : check(value, path);
}

export function wrong(path: string, rule: string, value: unknown, remedy?: string): SettingsError {
  const shown = JSON.stringify(value) ?? "nothing";
  return new SettingsError(`${path} ${rule}, got ${shown}${remedy ? `; ${remedy}` : ""}`);
}
