/**
 * The bindings that the constructs are made of, for the same stack: the provider itself, and every resource under the
 * name of its namespace (`new scfFunction.ScfFunction(...)`). Other resources of the provider come from `cdktf get`.
 */
export * from "@cdktf/provider-tencentcloud";
export { TencentcloudProvider, type TencentcloudProviderConfig } from "@cdktf/provider-tencentcloud/lib/provider";
