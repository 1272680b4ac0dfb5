import type { IFunctionRole } from "./role";

/** What a policy allows: actions on resources in CAM's six-segment form. Both are arrays: CAM refuses single strings. */
export interface PolicyStatement {
  readonly action: readonly string[];
  readonly resource: readonly string[];
  /** @default "allow" */
  readonly effect?: "allow" | "deny";
}

/** Who can be allowed something: a role, or a function through its role. */
export interface IGrantee {
  /** The role that is allowed it in the end. */
  readonly role: IFunctionRole;
  addToPolicy(statement: PolicyStatement): void;
}
