import type { Credentials } from "../../functions/tencent/credentials";
import { type FoundFunction, Functions } from "./functions";
import type { Wanted } from "./names";
import { TailError } from "./tail-error";

/** Result of one look-up. */
export interface Discovered {
  /** By {@link functionKey}. */
  readonly found: ReadonlyMap<string, FoundFunction>;
  /** Functions that were requested by name and do not exist. */
  readonly missing: readonly (Wanted & { readonly name: string })[];
}

/** Key of a function in maps. */
export function functionKey(of: {
  readonly region: string;
  readonly namespace: string;
  readonly function: string;
}): string {
  return `${of.region}/${of.namespace}/${of.function}`;
}

/** Finds the requested functions periodically, so that later ones are found too. Close it after use. */
export class Discovery {
  readonly #wanted: readonly Wanted[];
  readonly #version: string | undefined;
  readonly #regions = new Map<string, Functions>();

  /** @param signal aborts a look-up, which then throws its reason */
  constructor(
    wanted: readonly Wanted[],
    { credentials, signal, version }: { credentials: () => Credentials; signal: AbortSignal; version?: string },
  ) {
    this.#wanted = wanted;
    this.#version = version;
    for (const { region } of wanted) {
      if (!this.#regions.has(region)) this.#regions.set(region, new Functions(region, credentials, signal));
    }
  }

  /** Milliseconds by which the cloud's clock is ahead of this machine's, if known. */
  get aheadMs(): number | undefined {
    return [...this.#regions.values()].map(({ aheadMs }) => aheadMs).find((aheadMs) => aheadMs !== undefined);
  }

  /** @throws TailError if the region, the namespace or the key is wrong, or the version is unknown */
  async look(): Promise<Discovered> {
    const found = new Map<string, FoundFunction>();
    const missing: (Wanted & { readonly name: string })[] = [];
    for (const wanted of this.#wanted) {
      const { region, namespace } = wanted;
      const functions = this.#regions.get(region) as Functions;
      const names = "name" in wanted ? [wanted.name] : await functions.names(namespace, wanted.prefix);
      for (const name of names) {
        const one = await functions.find(name, namespace, this.#version);
        if (one) found.set(functionKey(one), one);
        else if ("name" in wanted) missing.push(wanted);
      }
    }
    return { found, missing };
  }

  /** The error if nothing was found. */
  async nothingFound({ missing }: Discovered): Promise<TailError> {
    const [first] = missing;
    if (first) {
      const functions = this.#regions.get(first.region) as Functions;
      return new TailError("UNKNOWN_FUNCTION", await functions.unknown(first.name, first.namespace));
    }
    const [wanted] = this.#wanted;
    const prefix = "prefix" in wanted ? wanted.prefix : "";
    const where = `namespace ${wanted.namespace} of ${wanted.region}`;
    return new TailError(
      "UNKNOWN_FUNCTION",
      `NAME must be a prefix of functions in ${where}, got ${prefix}*; no name begins with it`,
    );
  }

  close(): void {
    for (const functions of this.#regions.values()) functions.close();
  }
}
