import { GroupClient } from "../../../functions/consume";
import { Positions } from "../../../functions/consume/cls/positions";
import { closeClouds, start } from "../../local/support/cloud";
import { makeTopic } from "../support/topics";

afterEach(closeClouds);

test("the creator of a group joins although another member took the partitions before it stored where the group begins", async () => {
  const cloud = await start();
  process.env.CLS_ENDPOINT = cloud.endpoint;
  const { id, region, logsetId } = makeTopic(cloud, { partitions: 2 });
  const [creator, other] = ["creator", "other"].map(
    (consumer) => new GroupClient({ region, logsetId, group: "monitor", consumer }, () => cloud.cam.ownerKey, 5_000),
  );
  const { signal } = new AbortController();
  const known = new Map<string, number>();
  try {
    expect(await creator.create([id], 6, signal)).toBe("created");
    expect(await other.heartbeat([])).toHaveLength(2);
    await new Positions(creator, "end", known).fix([id], true, signal);
    expect(known).toEqual(new Map([`${id}/1`, `${id}/2`].map((key) => [key, 0])));
  } finally {
    creator.close();
    other.close();
  }
});
