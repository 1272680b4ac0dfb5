import { dataTencentcloudUserInfo } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "./common-props";
import { TerraformStack, type IConstruct } from "./framework";

type UserInfo = dataTencentcloudUserInfo.DataTencentcloudUserInfo;

/**
 * Returns the APPID of the account: the prop if it is set, otherwise the value that Terraform reads from the cloud
 * during plan.
 */
export function appIdOf(scope: IConstruct, props: CommonProps & { readonly appId?: string }): string {
  return props.appId ?? userInfo(scope, props).appId;
}

/** Returns the UIN of the account's owner, which policies for CLS and SCF name. */
export function ownerUinOf(scope: IConstruct, props: CommonProps): string {
  return userInfo(scope, props).ownerUin;
}

/** Creates one data source per stack and provider, because each one reads the account again on every plan. */
function userInfo(scope: IConstruct, { provider }: CommonProps): UserInfo {
  const stack = TerraformStack.of(scope);
  const id = provider?.alias === undefined ? "TencentLogsAccount" : `TencentLogsAccount-${provider.alias}`;
  const existing = stack.node.tryFindChild(id) as UserInfo | undefined;
  return existing ?? new dataTencentcloudUserInfo.DataTencentcloudUserInfo(stack, id, { provider });
}
