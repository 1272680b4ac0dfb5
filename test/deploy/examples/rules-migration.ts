import type { LocalCloud } from "../../../local/cloud";
import { exampleLines, findExample } from "../../../cli/local/example";
import { feedStream } from "../../../cli/local/feed-stream";
import { findDelivery } from "../../../local/feed/target";
import { totalOf } from "../../../cli/local/summary";
import { emptyBuckets, storedRecords } from "../logs";
import { forceClean, type Deployed, type Revision } from "../revision";

const NAME = "rules-migration";
const NATIVE_RULES = "rules/access-native.sls";

/** The log goes through both engines, and each of them sends each record where the other one does. */
export const USE_OF_RULES_MIGRATION = {
  step: "log goes through both engines",
  run: ({ cloud }: Deployed): Promise<void> => pushThroughRules(cloud),
};

/** Rules that are changed: in CLS the task, in the function the code; then a task that is stopped. */
export const RULES_MIGRATION: readonly Revision[] = [
  {
    name: "change of the native rules",
    make: (release) => release.edit(NAME, [['e_set("level", "error")', 'e_set("level", "alert")']], NATIVE_RULES),
    plan: ["update tencentcloud_cls_data_transform(etl_content)"],
    check: async ({ cloud }) => {
      const levels = new Set<string | undefined>();
      cloud
        .topic("errors-native")
        .onRecords(async (records) => records.forEach((one) => levels.add(one.contents.level)));
      await pushThroughRules(cloud);
      if ([...levels].join() !== "alert") throw new Error(`levels must be alert, got ${[...levels].join()}`);
    },
  },
  {
    name: "change of the function's rules",
    make: (release) => release.edit(NAME, [['"user_agent", "class"', '"user_agent"']], "rules/access.sls"),
    plan: ["update tencentcloud_scf_function(zip_file)"],
    check: ({ cloud }) => pushThroughRules(cloud),
  },
  {
    name: "native rules disabled",
    make: (release) => release.edit(NAME, [['engine: "native",', 'engine: "native",\n    enabled: false,']]),
    plan: ["update tencentcloud_cls_data_transform(enable_flag)"],
    check: async ({ cloud }) => {
      const before = cloud.topic("requests-native").received;
      await feed(cloud);
      if (cloud.topic("requests-native").received !== before) throw new Error("a task that is off must write nothing");
    },
  },
  forceClean(NAME),
];

async function feed(cloud: LocalCloud): Promise<number> {
  const delivery = findDelivery(cloud);
  if (!delivery) throw new Error("there must be a delivery, got none");
  const lines = exampleLines(findExample(NAME));
  await feedStream(cloud, delivery, lines, () => undefined);
  await cloud.settled();
  return lines.length;
}

async function pushThroughRules(cloud: LocalCloud): Promise<void> {
  await emptyBuckets(cloud);
  const invocations = cloud.invocations.length;
  const received = (name: string): number => cloud.topic(name).received;
  const before = ["requests", "errors", "requests-native", "errors-native"].map(received);
  const lines = await feed(cloud);
  const [requests, errors, nativeRequests, nativeErrors] = [
    "requests",
    "errors",
    "requests-native",
    "errors-native",
  ].map((name, at) => received(name) - before[at]);
  const { dropped, outputs } = totalOf(cloud.invocations.slice(invocations));
  const archived = (await storedRecords(cloud, "archive/")).length;
  const expected = { requests: nativeRequests, errors: nativeErrors, all: lines, archived: requests + errors };
  const got = { requests, errors, all: requests + errors + dropped, archived };
  if (JSON.stringify(got) !== JSON.stringify(expected) || requests === 0 || errors === 0) {
    throw new Error(`both engines must agree on ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  }
  if (outputs.archive?.records !== archived)
    throw new Error(`the archive must hold what was reported, got ${archived}`);
}
