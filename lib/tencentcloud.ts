/**
 * Bindings of the Tencent Cloud provider, as the constructs use them: the provider itself, and every resource under its
 * namespace (`new scfFunction.ScfFunction(...)`). Use them for plain resources in the same stack. The bindings cover
 * the resources that the constructs create; generate bindings for other resources with `cdktf get`.
 */
export * from "@cdktf/provider-tencentcloud";
export { TencentcloudProvider, type TencentcloudProviderConfig } from "@cdktf/provider-tencentcloud/lib/provider";
