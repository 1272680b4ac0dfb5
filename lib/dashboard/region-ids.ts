/**
 * Numbers of regions, by which panels of a dashboard name theirs. Fact: docs/design/facts/provider.md#dashboard.
 */
export const REGION_IDS: Readonly<Record<string, number>> = {
  "ap-guangzhou": 1,
  "ap-shanghai": 4,
  "ap-hongkong": 5,
  "na-toronto": 6,
  "ap-shanghai-fsi": 7,
  "ap-beijing": 8,
  "ap-singapore": 9,
  "ap-shenzhen-fsi": 11,
  "na-siliconvalley": 15,
  "ap-chengdu": 16,
  "eu-frankfurt": 17,
  "ap-seoul": 18,
  "ap-chongqing": 19,
  "ap-mumbai": 21,
  "na-ashburn": 22,
  "ap-bangkok": 23,
  "ap-tokyo": 25,
  "ap-nanjing": 33,
  "ap-taipei": 39,
  "ap-beijing-fsi": 46,
  "ap-jakarta": 72,
  "sa-saopaulo": 74,
};
