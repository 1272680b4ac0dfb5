import { Refusal } from "./refusal";

/** The regions of COS, CLS and SCF. Fact: docs/design/facts/runtime.md#regions. */
const REGIONS: ReadonlySet<string> = new Set([
  ...["ap-bangkok", "ap-beijing", "ap-beijing-fsi", "ap-chengdu", "ap-chongqing", "ap-guangzhou", "ap-guangzhou-open"],
  ...["ap-hongkong", "ap-jakarta", "ap-mumbai", "ap-nanjing", "ap-osaka", "ap-seoul", "ap-shanghai", "ap-shanghai-adc"],
  ...["ap-shanghai-fsi", "ap-shenzhen", "ap-shenzhen-fsi", "ap-singapore", "ap-taipei", "ap-tokyo", "eu-frankfurt"],
  ...["eu-moscow", "me-saudi-arabia", "na-ashburn", "na-siliconvalley", "na-toronto", "sa-saopaulo"],
]);

/** Throws if the region does not exist, with the code of API 3.0. */
export function checkRegion(name: string): void {
  if (REGIONS.has(name)) return;
  if (name === "") throw new Refusal("MissingParameter", "The request must name a region in X-TC-Region.");
  throw new Refusal("UnsupportedRegion", `The region must be one of the cloud's, got ${name}.`);
}
