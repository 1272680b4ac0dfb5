import {
  camPolicy,
  camRole,
  camRolePolicyAttachment,
  camRolePolicyAttachmentByName,
} from "@cdktf/provider-tencentcloud";
import { COMMON_PROPS, type CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, tfJson, tfTags, tfText, type ITerraformDependable, type TerraformProvider } from "../framework";
import { physicalName } from "../naming";
import { freeText, instance, oneOf, required, text, texts, textThat } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { claimName, inAccount } from "../unique-names";
import type { IFunctionRole, PolicyStatement } from "./grantee";
import { trustPolicy } from "./trust";

/** Props of a {@link FunctionRole}. */
export interface FunctionRoleProps extends CommonProps {
  /**
   * Name of the role: 1 to 128 letters, digits and `+=,.@_-`.
   * @default the construct's path and a short hash of it
   */
  readonly roleName?: string;
  /**
   * Description of the role, shown in the console.
   * @default none
   */
  readonly description?: string;
}

const ROLE_NAME = textThat(
  /^[A-Za-z0-9+=,.@_-]{1,128}$/,
  "must have 1 to 128 letters, digits and +=,.@_-",
  "choose another name",
  "LOGS_ROLE_NAME",
);

const PROPS: PropTable<FunctionRoleProps> = { ...COMMON_PROPS, roleName: ROLE_NAME, description: freeText };

/** The prop `role` of functions. */
export const roleProp = instance<IFunctionRole>(
  "a role",
  "make a FunctionRole, or FunctionRole.fromRoleName for one that exists",
  { texts: ["roleName"], others: ["addToPolicy", "grants"] },
);

const STATEMENT: PropTable<PolicyStatement> = {
  action: required(texts(text), 'list actions, like ["cls:SearchLog"]'),
  resource: required(texts(text), "list resources in CAM's six-segment form"),
  effect: oneOf(["allow", "deny"], "leave it out for allow", "LOGS_POLICY_EFFECT"),
};

/**
 * Base class of both kinds of roles. It has one policy, which is created with the first statement and complete at
 * synth.
 */
abstract class RoleBase<Props extends CommonProps> extends LogConstruct implements IFunctionRole {
  abstract readonly roleName: string;
  abstract readonly resource?: camRole.CamRole;
  readonly role: IFunctionRole = this;
  readonly provider?: TerraformProvider;
  protected readonly props: Props;
  readonly grants: ITerraformDependable[] = [];
  private readonly statements: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, table: PropTable<Props>, given: Props) {
    super(scope, id);
    const checks = new Checks(this);
    this.props = readProps(checks, table, given);
    checks.throwIfAny();
    this.provider = this.props.provider;
  }

  addToPolicy(given: PolicyStatement): void {
    const checks = new Checks(this);
    const statement = readProps(checks, STATEMENT, given, "statement");
    checks.throwIfAny();
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

/** A role for a function, with only the permissions that are granted to it (`tencentcloud_cam_role`). */
export class FunctionRole extends RoleBase<FunctionRoleProps> {
  /**
   * Imports an existing role that SCF is allowed to assume. Grants go into a policy of this stack, which is attached to
   * the role by its name.
   */
  static fromRoleName(scope: Construct, id: string, roleName: string, props: CommonProps = {}): IFunctionRole {
    return new ImportedRole(scope, id, roleName, props);
  }

  /** The underlying resource, `tencentcloud_cam_role`. */
  readonly resource: camRole.CamRole;
  /** Name of the role. */
  readonly roleName: string;

  constructor(scope: Construct, id: string, given: FunctionRoleProps = {}) {
    super(scope, id, PROPS, given);
    const { props } = this;
    const name = props.roleName ?? physicalName(this, { maxLength: 128 });
    claimName(this, { prop: "roleName", name, within: "its account", whole: inAccount(this, props.provider) });
    this.resource = new camRole.CamRole(this, "Resource", {
      name,
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

class ImportedRole extends RoleBase<CommonProps> {
  readonly resource = undefined;
  readonly roleName: string;

  constructor(scope: Construct, id: string, roleName: string, given: CommonProps) {
    super(scope, id, COMMON_PROPS, given);
    const checks = new Checks(this);
    this.roleName = readArgument(checks, "roleName", ROLE_NAME, roleName);
  }

  protected attach(policy: camPolicy.CamPolicy): ITerraformDependable {
    return new camRolePolicyAttachmentByName.CamRolePolicyAttachmentByName(this, "PolicyAttachment", {
      roleName: this.roleName,
      policyName: policy.name,
      provider: this.props.provider,
    });
  }
}
