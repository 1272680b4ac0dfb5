import type { LocalCloud } from "../../local/cloud";
import type { Pushed } from "./logs";
import type { Release } from "./release";

/** What a user or a new release changes in a deployed stack, what Terraform must plan for it, and what must then be so. */
export interface Revision {
  readonly name: string;
  readonly make: (release: Release) => void;
  /** All that Terraform may change: see `expectChanges`. */
  readonly plan: readonly string[];
  /** Called once it is applied. */
  readonly check?: (deployed: Deployed) => Promise<void> | void;
}

/** A stack that is deployed. */
export interface Deployed {
  readonly cloud: LocalCloud;
  /** Pushes the example's log through it. */
  push(): Promise<Pushed>;
}

/** A stack, how it is used, and what becomes of it. */
export interface StackTest {
  readonly name: string;
  /**
   * The app's TypeScript.
   * @default that of the example of this name
   */
  readonly app?: string;
  /**
   * What is done with the stack once it is deployed.
   * @default the example's log is pushed through it
   */
  readonly use?: { readonly step: string; run(deployed: Deployed): Promise<unknown> };
  readonly revisions: readonly Revision[];
  /**
   * Values of its variables.
   * @default their defaults
   */
  readonly variables?: (cloud: LocalCloud) => Readonly<Record<string, string>>;
}

const NEW_CODE = "this is the next release";

/** Handlers with other code, as a new version of the package brings. */
export const NEXT_RELEASE: Revision = {
  name: "code change",
  make: (release) => release.changeHandlers(NEW_CODE),
  plan: ["update tencentcloud_scf_function(zip_file)"],
  check: async ({ push }) => {
    const { log } = await push();
    if (!log.includes(NEW_CODE)) throw new Error(`the new code must run, got the log\n${log.join("\n")}`);
  },
};

/** COS keeps a bucket that holds objects; with `forceClean` the provider empties it before `destroy` takes it away. */
export function forceClean(example: string): Revision {
  return {
    name: "forceClean",
    make: (release) => release.edit(example, [['appId: "1250000000"', 'appId: "1250000000", forceClean: true']]),
    plan: ["update tencentcloud_cos_bucket(force_clean)"],
  };
}
