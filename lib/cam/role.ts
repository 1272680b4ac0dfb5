import {
  camPolicy,
  camRole,
  camRolePolicyAttachment,
  camRolePolicyAttachmentByName,
} from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { Checks } from "../errors";
import { Construct, tfJson, tfTags, tfText, type ITerraformDependable, type TerraformProvider } from "../framework";
import { physicalName } from "../naming";
import type { IFunctionRole, PolicyStatement } from "./grantee";
import { trustPolicy } from "./trust";

export interface FunctionRoleProps extends CommonProps {
  /**
   * 1 to 128 letters, digits and `+=,.@_-`.
   * @default the construct's path and a short hash of it
   */
  readonly roleName?: string;
  /** @default none */
  readonly description?: string;
}

/** CAM names of roles and policies. */
const CAM_NAME = /^[A-Za-z0-9+=,.@_-]{1,128}$/;

function checkRoleName(scope: Construct, roleName: string | undefined): void {
  new Checks(scope)
    .pattern(
      "roleName",
      roleName,
      CAM_NAME,
      "must have 1 to 128 letters, digits and +=,.@_-",
      "choose another name",
      "LOGS_ROLE_NAME",
    )
    .throwIfAny();
}

/** What roles of both kinds share: one policy, made with the first statement and complete at synth. */
abstract class RoleBase extends Construct implements IFunctionRole {
  abstract readonly roleName: string;
  abstract readonly resource?: camRole.CamRole;
  readonly role: IFunctionRole = this;
  readonly provider?: TerraformProvider;
  readonly grants: ITerraformDependable[] = [];
  private readonly statements: PolicyStatement[] = [];

  constructor(
    scope: Construct,
    id: string,
    protected readonly props: CommonProps,
  ) {
    super(scope, id);
    this.provider = props.provider;
  }

  addToPolicy(statement: PolicyStatement): void {
    if (this.statements.length === 0) this.grants.push(this.attach(this.makePolicy()));
    this.statements.push(statement);
  }

  protected abstract attach(policy: camPolicy.CamPolicy): ITerraformDependable;

  private makePolicy(): camPolicy.CamPolicy {
    return new camPolicy.CamPolicy(this, "Policy", {
      name: physicalName(this, { maxLength: 128 }),
      document: tfJson(() => ({
        version: "2.0",
        statement: this.statements.map(({ effect = "allow", action, resource }) => ({ effect, action, resource })),
      })),
      tags: tfTags(this.props.tags),
      provider: this.props.provider,
    });
  }
}

/** A run role of its own for a function, that may do what is granted to it and no more (`tencentcloud_cam_role`). */
export class FunctionRole extends RoleBase {
  /**
   * A role that exists already and that SCF may assume. What is granted goes into a policy of this stack, attached to
   * the role by its name.
   */
  static fromRoleName(scope: Construct, id: string, roleName: string, props: CommonProps = {}): IFunctionRole {
    return new ImportedRole(scope, id, roleName, props);
  }

  readonly resource: camRole.CamRole;
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: FunctionRoleProps = {}) {
    super(scope, id, props);
    checkRoleName(this, props.roleName);
    this.resource = new camRole.CamRole(this, "Resource", {
      name: props.roleName ?? physicalName(this, { maxLength: 128 }),
      document: tfJson(trustPolicy("scf.qcloud.com")),
      description: props.description === undefined ? undefined : tfText(props.description),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    this.roleName = this.resource.name;
  }

  protected attach(policy: camPolicy.CamPolicy): ITerraformDependable {
    return new camRolePolicyAttachment.CamRolePolicyAttachment(this, "PolicyAttachment", {
      roleId: this.resource.id,
      policyId: policy.id,
      provider: this.props.provider,
    });
  }
}

class ImportedRole extends RoleBase {
  readonly resource = undefined;

  constructor(
    scope: Construct,
    id: string,
    readonly roleName: string,
    props: CommonProps,
  ) {
    super(scope, id, props);
    checkRoleName(this, roleName);
  }

  protected attach(policy: camPolicy.CamPolicy): ITerraformDependable {
    return new camRolePolicyAttachmentByName.CamRolePolicyAttachmentByName(this, "PolicyAttachment", {
      roleName: this.roleName,
      policyName: policy.name,
      provider: this.props.provider,
    });
  }
}
