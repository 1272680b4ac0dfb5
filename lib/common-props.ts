import type { TerraformProvider } from "./framework";
import { identifier, tags } from "./props/kinds";
import type { PropTable } from "./props/prop";
import { providerProp } from "./provider";

/** Props that every construct takes and hands to each resource that it makes. */
export interface CommonProps {
  /**
   * Provider that makes the resources; for stacks that have several.
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
  /**
   * Tags of every resource that can have some.
   * @default none
   */
  readonly tags?: Record<string, string>;
}

export const COMMON_PROPS: PropTable<CommonProps> = { provider: providerProp, tags };

/** Props of constructs whose resources belong to a region. */
export interface RegionalProps extends CommonProps {
  /**
   * Region that the provider works in, like `ap-guangzhou`; needed where the provider does not say it at synth. It moves
   * nothing: another than the provider's is refused, a resource of another region takes another `provider`.
   * @default the region of the provider in use
   */
  readonly region?: string;
}

export const REGIONAL_PROPS: PropTable<RegionalProps> = { ...COMMON_PROPS, region: identifier };
