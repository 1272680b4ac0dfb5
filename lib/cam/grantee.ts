import type { camRole } from "@cdktf/provider-tencentcloud";
import { instance } from "../props/kinds";
import { Construct, type IConstruct, type ITerraformDependable, type TerraformProvider } from "../framework";

/** A statement of a CAM policy: actions on resources. Both are arrays, because CAM refuses single strings. */
export interface PolicyStatement {
  /** Actions, such as `cos:GetObject`. */
  readonly action: readonly string[];
  /** Resources in CAM's six-segment form, `qcs::cos:<region>:uid/<appid>:<bucket>/<prefix>*`. */
  readonly resource: readonly string[];
  /**
   * Whether the actions are allowed or denied.
   * @default "allow"
   */
  readonly effect?: "allow" | "deny";
}

/** A principal that permissions can be granted to: a role, or a function through its role. */
export interface IGrantee {
  /** The role that receives the permissions. */
  readonly role: IFunctionRole;
  /** Adds a statement to the role's policy. */
  addToPolicy(statement: PolicyStatement): void;
}

/** The argument `grantee` of grants. */
export const granteeProp = instance<IGrantee>(
  "a function or a role",
  "pass the LogFunction or the FunctionRole itself",
  {
    others: ["addToPolicy", "role"],
  },
);

/** Path of the construct that receives the permission: the function, or the role if all of its functions receive it. */
export function granteePath(grantee: IGrantee): string {
  return Construct.isConstruct(grantee) ? grantee.node.path : grantee.role.node.path;
}

/** A role that a function runs as. */
export interface IFunctionRole extends IConstruct, IGrantee {
  /** Name of the role. A function refers to its role by name, not by ARN. */
  readonly roleName: string;
  /** The underlying resource; undefined for an imported role. */
  readonly resource?: camRole.CamRole;
  /** What must exist before granted permissions take effect; empty until something is granted. */
  readonly grants: ITerraformDependable[];
  /** Provider that creates the role's policy and other resources of its grants. */
  readonly provider?: TerraformProvider;
}
