import { isDeepStrictEqual } from "node:util";

/**
 * What was made of files in this process, by file and options. Options are compared by what they hold, whatever that is: a
 * regular expression by its source, a function by being the same one.
 */
export class BundleCache<Made> {
  private readonly known = new Map<string, { readonly options: unknown; readonly made: Made }[]>();

  /** What was made of the file with these options before, else what `make` makes of it now. */
  get(file: string, options: object, make: () => Made): Made {
    const entries = this.known.get(file) ?? [];
    this.known.set(file, entries);
    const entry = entries.find((other) => isDeepStrictEqual(other.options, options));
    if (entry !== undefined) return entry.made;
    const made = make();
    entries.push({ options: copyOf(options), made });
    return made;
  }
}

/** Options as they are now: whoever gave them may change the object later. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item)]));
}
