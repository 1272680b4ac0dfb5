import { refuse } from "./errors";
import { isToken, resolved, type IConstruct, type TerraformProvider } from "./framework";
import { accountKey, regionKey } from "./provider";

/** A name that a resource claims. */
interface Claim {
  /** The prop that sets the name. */
  readonly prop: string;
  readonly name: string;
  /** The scope in which the name must be unique, as messages name it: "its logset". */
  readonly within: string;
  /** Identifies that scope. */
  readonly whole: readonly string[];
}

/** Refuses a name that another resource of the app already has: the cloud would refuse it at apply. */
export function claimName(scope: IConstruct, { name, prop, whole, within }: Claim): void {
  const { root } = scope.node;
  const owners = APPS.get(root) ?? new Map<string, string>();
  APPS.set(root, owners);
  const text = isToken(name) ? String(resolved(scope, name)) : name;
  const key = JSON.stringify([prop, ...whole, text]);
  const owner = owners.get(key);
  if (owner !== undefined) {
    refuse(
      scope,
      "LOGS_NAME_TAKEN",
      `${prop} must be one of its own in ${within}, got ${JSON.stringify(text)}, which ${owner} has; ` +
        `choose another name, or leave it out`,
    );
  }
  owners.set(key, scope.node.path);
}

/** The scope of names that are unique in an account. */
export function inAccount(scope: IConstruct, provider: TerraformProvider | undefined): string[] {
  return [accountKey(scope, provider)];
}

/** The scope of names that are unique in a region of an account. */
export function inRegion(scope: IConstruct, provider: TerraformProvider | undefined): string[] {
  return [regionKey(scope, provider)];
}

/** Paths of the constructs that own a name, by app. */
const APPS = new WeakMap<IConstruct, Map<string, string>>();
