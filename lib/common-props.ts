import type { TerraformProvider } from "./framework";
import { identifier, tags } from "./props/kinds";
import type { PropTable } from "./props/prop";
import { providerProp } from "./provider";

/** Props that every construct accepts and passes to each resource that it creates. */
export interface CommonProps {
  /**
   * Provider that creates the resources. Set it in a stack that has several providers.
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
  /**
   * Tags of every resource that supports tags.
   * @default none
   */
  readonly tags?: Record<string, string>;
}

export const COMMON_PROPS: PropTable<CommonProps> = { provider: providerProp, tags };

/** Props of constructs whose resources belong to a region. */
export interface RegionalProps extends CommonProps {
  /**
   * Region of the provider, such as `ap-guangzhou`. Set it if the provider's region is not known at synth. It does not
   * move resources: a region other than the provider's is an error. To create a resource in another region, pass a
   * `provider` of that region.
   * @default the region of the provider in use
   */
  readonly region?: string;
}

export const REGIONAL_PROPS: PropTable<RegionalProps> = { ...COMMON_PROPS, region: identifier };
