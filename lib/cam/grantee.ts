import type { camRole } from "@cdktf/provider-tencentcloud";
import { instance } from "../props/kinds";
import { Construct, type IConstruct, type ITerraformDependable, type TerraformProvider } from "../framework";

/** What a policy allows: actions on resources in CAM's six-segment form. Both are arrays: CAM refuses single strings. */
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

/** Who can be allowed something: a role, or a function through its role. */
export interface IGrantee {
  /** The role that is allowed it in the end. */
  readonly role: IFunctionRole;
  /** Adds a right to the role's policy. */
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

/** Path of the construct that is allowed something: the function, or the role itself where all its functions are. */
export function granteePath(grantee: IGrantee): string {
  return Construct.isConstruct(grantee) ? grantee.node.path : grantee.role.node.path;
}

/** A role that a function runs as. */
export interface IFunctionRole extends IConstruct, IGrantee {
  /** A function names its role, it does not give an ARN. */
  readonly roleName: string;
  /** The plain resource; none where the role was brought along. */
  readonly resource?: camRole.CamRole;
  /** What must exist before the role may do what was granted; nothing until something was. */
  readonly grants: ITerraformDependable[];
  /** Makes the role's policy, and what else is granted for it. */
  readonly provider?: TerraformProvider;
}
