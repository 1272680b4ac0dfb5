import { camRole, camRolePolicyAttachmentByName } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { Construct, tfJson, tfTags } from "../framework";
import { trustPolicy } from "./trust";

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

/**
 * A service's role as the console would make it: its fixed name, who assumes it, and the preset policy it needs.
 * Fact: docs/design/facts/runtime.md#roles.
 */
interface ServiceRole {
  readonly name: string;
  readonly service: string;
  readonly policyName: string;
}

const CLS_ROLE: ServiceRole = {
  name: "CLS_QcsRole",
  service: "cls.cloud.tencent.com",
  policyName: "QcloudCOSAccessForCLSRole",
};

const SCF_ROLE: ServiceRole = {
  name: "SCF_QcsRole",
  service: "scf.qcloud.com",
  policyName: "QcloudAccessForScfRole",
};

/**
 * The two roles that the services themselves need in an account, without which shipping and triggers fail. The console
 * makes them on first use; an account that was only ever used by API or Terraform lacks them. Put this into a stack of
 * its own, once per account: no pipeline makes them.
 */
export class LogAccountRoles extends Construct {
  readonly clsRole?: camRole.CamRole;
  readonly scfRole?: camRole.CamRole;

  constructor(scope: Construct, id: string, props: LogAccountRolesProps = {}) {
    super(scope, id);
    const { cls = true, scf = true } = props;
    if (cls) this.clsRole = this.makeRole("Cls", CLS_ROLE, props);
    if (scf) this.scfRole = this.makeRole("Scf", SCF_ROLE, props);
  }

  private makeRole(id: string, { name, service, policyName }: ServiceRole, props: CommonProps): camRole.CamRole {
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
