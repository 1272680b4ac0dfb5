/** Regions that had hosts of their own before COS put the region's name into the host, such as `cosbj.myqcloud.com`. */
const REGION_OF_OLD_HOST: Readonly<Record<string, string>> = {
  cosbj: "ap-beijing",
  costj: "ap-beijing-1",
  cossh: "ap-shanghai",
  cosgz: "ap-guangzhou",
  coscd: "ap-chengdu",
  coshk: "ap-hongkong",
  cossgp: "ap-singapore",
  cosca: "na-toronto",
  cosger: "eu-frankfurt",
};

/** Region in the host of an object's address; undefined if the host does not name one. */
export function regionOfCosHost(host: string | undefined): string | undefined {
  const match =
    /\.(?:cos(?:-internal)?\.([a-z]+-[a-z0-9-]+)|(cos[a-z]+))\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?$/.exec(
      host ?? "",
    );
  if (!match) return undefined;
  return match[1] ?? REGION_OF_OLD_HOST[match[2]];
}
