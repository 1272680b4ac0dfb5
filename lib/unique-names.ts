import { refuse } from "./errors";
import { isToken, resolved, type IConstruct, type TerraformProvider } from "./framework";
import { accountKey, regionKey } from "./provider";

/** A name that a resource asks for. */
interface Claim {
  /** The prop that sets it. */
  readonly prop: string;
  readonly name: string;
  /** Within which a name of that kind must be one of its own, as messages say it: "its logset". */
  readonly within: string;
  /** What tells one such whole from another. */
  readonly whole: readonly string[];
}

/** Refuses a name that another resource of the app has, which the cloud would refuse at apply. */
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

/** The whole of names that are unique in an account. */
export function inAccount(scope: IConstruct, provider: TerraformProvider | undefined): string[] {
  return [accountKey(scope, provider)];
}

/** The whole of names that are unique in an account's region. */
export function inRegion(scope: IConstruct, provider: TerraformProvider | undefined): string[] {
  return [regionKey(scope, provider)];
}

/** Paths of the constructs that have a name, by app. */
const APPS = new WeakMap<IConstruct, Map<string, string>>();
