import { camRole, camRolePolicyAttachmentByName } from "@cdktf/provider-tencentcloud";
import { COMMON_PROPS, type CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, tfJson, tfTags } from "../framework";
import { flag, knownAtSynth } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { claimName, inAccount } from "../unique-names";
import { CLS_ROLE, SCF_ROLE, type ServiceRole } from "./service-roles";
import { trustPolicy } from "./trust";

/** Props of {@link LogAccountRoles}. */
export interface LogAccountRolesProps extends CommonProps {
  /**
   * Whether to create `CLS_QcsRole`, the role that CLS uses to ship to COS.
   * @default true
   */
  readonly cls?: boolean;
  /**
   * Whether to create `SCF_QcsRole`, the role that SCF uses to read code and to set up COS notifications.
   * @default true
   */
  readonly scf?: boolean;
}

const PROPS: PropTable<LogAccountRolesProps> = {
  ...COMMON_PROPS,
  cls: knownAtSynth(flag),
  scf: knownAtSynth(flag),
};

/**
 * Creates the two service roles that CLS and SCF need in an account. Without them, shipping and triggers fail. The
 * console creates them on first use, so an account that was only ever used through the API or Terraform lacks them.
 * Create this construct in a separate stack, once per account: pipelines do not create these roles.
 */
export class LogAccountRoles extends LogConstruct {
  /** `CLS_QcsRole`, the role that CLS uses to ship. */
  readonly clsRole?: camRole.CamRole;
  /** `SCF_QcsRole`, the role that SCF uses to set up triggers. */
  readonly scfRole?: camRole.CamRole;

  constructor(scope: Construct, id: string, given: LogAccountRolesProps = {}) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();
    const { cls = true, scf = true } = props;
    if (cls) this.clsRole = this.makeRole("Cls", CLS_ROLE, props);
    if (scf) this.scfRole = this.makeRole("Scf", SCF_ROLE, props);
  }

  private makeRole(id: string, { name, service, policyName }: ServiceRole, props: CommonProps): camRole.CamRole {
    claimName(this, { prop: "roleName", name, within: "its account", whole: inAccount(this, props.provider) });
    const role = new camRole.CamRole(this, id, {
      name,
      document: tfJson(trustPolicy(service)),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    new camRolePolicyAttachmentByName.CamRolePolicyAttachmentByName(this, `${id}Policy`, {
      roleName: role.name,
      policyName,
      provider: props.provider,
    });
    return role;
  }
}
