import { dataTencentcloudUserInfo } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "./common-props";
import { TerraformStack, type IConstruct } from "./framework";

type UserInfo = dataTencentcloudUserInfo.DataTencentcloudUserInfo;

/** APPID of the account: the prop, else read from the cloud when the plan is made. */
export function appIdOf(scope: IConstruct, props: CommonProps & { readonly appId?: string }): string {
  return props.appId ?? userInfo(scope, props).appId;
}

/** UIN of the account's owner, which policies for CLS and SCF name. */
export function ownerUinOf(scope: IConstruct, props: CommonProps): string {
  return userInfo(scope, props).ownerUin;
}

/** One data source per stack and provider: each reads the account anew on every plan. */
function userInfo(scope: IConstruct, { provider }: CommonProps): UserInfo {
  const stack = TerraformStack.of(scope);
  const id = provider?.alias === undefined ? "TencentLogsAccount" : `TencentLogsAccount-${provider.alias}`;
  const existing = stack.node.tryFindChild(id) as UserInfo | undefined;
  return existing ?? new dataTencentcloudUserInfo.DataTencentcloudUserInfo(stack, id, { provider });
}
