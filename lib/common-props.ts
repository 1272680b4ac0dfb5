import type { TerraformProvider } from "./framework";

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

/** Props of constructs whose resources belong to a region. */
export interface RegionalProps extends CommonProps {
  /**
   * Region that the provider works in, like `ap-guangzhou`; needed where the provider does not say it at synth.
   * @default the region of the provider in use
   */
  readonly region?: string;
}
