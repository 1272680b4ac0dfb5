import { mostSimilar } from "../rules";
import type { RegionalProps } from "./common-props";
import { checkAtSynth, refuse, warnUnless } from "./errors";
import {
  Annotations,
  Lazy,
  isToken,
  resolved,
  type Construct,
  type IConstruct,
  type TerraformProvider,
} from "./framework";
import { aliasesOf, defaultProvider } from "./provider";

/**
 * Returns the region of a construct: its prop, or the region of its provider. It is resolved at synth, because the
 * provider can be created after the construct. Names (of triggers) and policies contain the region, and the plan offers
 * no other way to get it.
 */
export function regionOf(scope: IConstruct, { provider, region }: RegionalProps): string {
  if (region !== undefined) {
    warnOfRegion(scope, "region", region);
    return region;
  }
  const known = provider ?? defaultProvider(scope);
  if (known !== undefined) warnOfProvider(known);
  return Lazy.stringValue({ produce: () => regionOfProvider(scope, provider ?? defaultProvider(scope)) });
}

/**
 * Returns the region of a construct that creates resources. These are always in the provider's region, so any other
 * value of the prop is an error at synth.
 */
export function regionOfMade(scope: IConstruct, props: RegionalProps): string {
  const { provider, region } = props;
  if (region !== undefined) {
    checkAtSynth(scope, (checks) => {
      const works = regionIn(provider ?? defaultProvider(scope));
      const [prop, other] = [region, works].map((each) => knownRegion(scope, each));
      checks.that(
        prop === undefined || other === undefined || prop === other,
        REGION_DIFFERS,
        () =>
          `region must be the one that the provider works in (${other}), got ${JSON.stringify(prop)}; ` +
          `leave it out, or pass a provider of that region`,
      );
    });
  }
  return regionOf(scope, props);
}

/** Part of the framework's validation errors. */
const REGION_DIFFERS = "LOGS_REGION_DIFFERS";

/**
 * Refuses, at synth, two resources in different regions where the cloud requires one region: CLS ships, and COS sends
 * events, only within a region. Regions that are not known until the plan pass.
 */
export function requireSameRegion(
  scope: Construct,
  path: string,
  region: string,
  otherPath: string,
  otherRegion: string | undefined,
): void {
  checkAtSynth(scope, (checks) => {
    const [one, other] = [region, otherRegion].map((each) => knownRegion(scope, each));
    checks.that(
      one === undefined || other === undefined || one === other,
      REGION_DIFFERS,
      () => `${path} must be in the region of its ${otherPath} (${other}), got ${one}; choose one in the same region`,
    );
  });
}

/** The region as far as it is known at synth; undefined if only the plan knows it. */
export function knownRegion(scope: IConstruct, region: string | undefined): string | undefined {
  const known = resolved(scope, region);
  return typeof known === "string" && !known.includes("${") ? known : undefined;
}

function regionOfProvider(scope: IConstruct, provider: TerraformProvider | undefined): string {
  const region = regionIn(provider);
  if (region !== undefined) return region;
  const aliases = aliasesOf(scope);
  const [what, remedy] =
    provider !== undefined
      ? ["the provider has no region", "set region on the provider or on the construct"]
      : aliases.length > 0
        ? [`all providers of the stack have an alias (${aliases.join(", ")})`, "pass one of them as provider"]
        : ["no Tencent Cloud provider is in the stack", "set region on the provider or on the construct"];
  return refuse(scope, "LOGS_REGION_MISSING", `region must be known at synth, but ${what}; ${remedy}`);
}

/** Bindings that users generate themselves have their own class, with the same property. */
function regionIn(provider: TerraformProvider | undefined): string | undefined {
  return (provider as { regionInput?: string } | undefined)?.regionInput;
}

/** Providers whose region has been checked. */
const SEEN = new WeakSet<TerraformProvider>();

function warnOfProvider(provider: TerraformProvider): void {
  if (SEEN.has(provider)) return;
  SEEN.add(provider);
  warnOfRegion(provider, "region", regionIn(provider));
}

/** An unknown region can be a new one, so it is a warning and not an error. */
function warnOfRegion(scope: IConstruct, path: string, region: string | undefined): void {
  const shape = /^[a-z]{2}(-[a-z0-9]+)+$/;
  warnUnless(scope, path, region, shape, "looks like no region; write it like ap-guangzhou");
  if (region === undefined || isToken(region) || !shape.test(region) || REGIONS.includes(region)) return;
  const similar = mostSimilar(region, REGIONS);
  Annotations.of(scope).addWarning(
    `${path} is none that this release knows, got ${JSON.stringify(region)}` +
      (similar === undefined ? "; correct it unless it is a new one" : `; did you mean ${similar}?`),
  );
}

/** Regions of COS, CLS and SCF. The cloud adds to them. Fact: docs/design/facts/runtime.md#regions. */
const REGIONS = [
  ...["ap-bangkok", "ap-beijing", "ap-beijing-fsi", "ap-chengdu", "ap-chongqing", "ap-guangzhou", "ap-guangzhou-open"],
  ...["ap-hongkong", "ap-jakarta", "ap-mumbai", "ap-nanjing", "ap-osaka", "ap-seoul", "ap-shanghai", "ap-shanghai-adc"],
  ...["ap-shanghai-fsi", "ap-shenzhen", "ap-shenzhen-fsi", "ap-singapore", "ap-taipei", "ap-tokyo", "eu-frankfurt"],
  ...["eu-moscow", "me-saudi-arabia", "na-ashburn", "na-siliconvalley", "na-toronto", "sa-saopaulo"],
];
