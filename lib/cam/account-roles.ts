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
   * Whether to make `CLS_QcsRole`, as which CLS ships to COS.
   * @default true
   */
  readonly cls?: boolean;
  /**
   * Whether to make `SCF_QcsRole`, as which SCF reads code and sets up COS notifications.
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
 * The two roles that the services themselves need in an account, without which shipping and triggers fail. The console
 * makes them on first use; an account that was only ever used by API or Terraform lacks them. Put this into a stack of
 * its own, once per account: no pipeline makes them.
 */
export class LogAccountRoles extends LogConstruct {
  /** `CLS_QcsRole`, which CLS ships as. */
  readonly clsRole?: camRole.CamRole;
  /** `SCF_QcsRole`, which SCF sets up triggers as. */
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
