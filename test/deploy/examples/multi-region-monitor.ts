import type { LocalCloud } from "../../../local/cloud";
import { exampleIncident, findExample } from "../../../cli/local/example";
import { toRecord } from "../../../local/feed/record";
import { uploadRecords } from "../../../local/feed/cls-client";
import type { Deployed, Revision, StackTest } from "../revision";

const NAME = "multi-region-monitor";
const PUSHED = "access-guangzhou";

/** The longest that CLS waits in this stack. */
const WAIT_MS = 3_000;

/** Nobody is there, and says so at once: what would be told is kept. */
export const VARIABLES_OF_MULTI_REGION_MONITOR: StackTest["variables"] = ({ endpoint }) => ({
  oncallUrl: `${endpoint}/nobody-is-here`,
});

/** The incident's first lines in the region that is pushed: a match is claimed, and its alert is kept. */
export const USE_OF_MULTI_REGION_MONITOR: StackTest["use"] = {
  step: "an incident opens groups, and their alerts are kept",
  run: async ({ cloud }) => {
    expectRegions(cloud);
    await expectMatches(cloud, 3);
    for (const place of ["claims/", "quarantine/alerts/oncall/"]) expectState(cloud, place);
  },
};

/** What is looked for, and a source that is pushed instead of pulled. */
export const MULTI_REGION_MONITOR: readonly Revision[] = [
  {
    name: "another pattern",
    make: (release) => release.edit(NAME, [['"^5\\\\d\\\\d$"', '"^50[0-3]$"']]),
    plan: ["update tencentcloud_scf_function(zip_file)", "update tencentcloud_scf_function(zip_file)"],
    check: ({ cloud }) => expectMatches(cloud, 3),
  },
];

/** Writes the first lines of the incident, and waits for the function. */
async function expectMatches(cloud: LocalCloud, matches: number): Promise<void> {
  const [first] = exampleIncident(findExample(NAME)) ?? [];
  if (first === undefined || !("lines" in first)) throw new Error(`${NAME} must begin with lines, got none`);
  const records = first.lines[PUSHED].map((line) => toRecord(line, cloud.clock.now()));
  const before = cloud.invocations.length;
  await uploadRecords(cloud, cloud.topic(PUSHED), records);
  await cloud.clock.advance(WAIT_MS);
  await cloud.settled();
  const results = cloud.invocations.slice(before).map(({ error, result }) => error ?? result);
  const found = results.some((result) => (result as { matches?: number }).matches === matches);
  if (!found) throw new Error(`a batch must have ${matches} matches, got ${JSON.stringify(results)}`);
}

function expectRegions(cloud: LocalCloud): void {
  for (const [topic, region] of Object.entries({ [PUSHED]: "ap-guangzhou", "access-singapore": "ap-singapore" })) {
    const { region: got } = cloud.topic(topic);
    if (got !== region) throw new Error(`${topic} must be in ${region}, got ${got}`);
  }
}

function expectState({ cos }: Deployed["cloud"], place: string): void {
  const keys = cos.allBuckets().flatMap((bucket) => bucket.keys());
  if (!keys.some((key) => key.includes(`/${place}`))) {
    throw new Error(`the state must hold something below ${place}, got ${keys.join(", ") || "nothing"}`);
  }
}
