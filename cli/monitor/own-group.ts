import { GroupClient } from "../../functions/consume";
import { logError } from "../../functions/runtime/log";
import type { StateStore } from "../../monitor";
import type { Credentials } from "../../functions/tencent/credentials";
import { UserError } from "../../terminal/user-error";
import type { MemberTopics } from "../operate/members";

/** Milliseconds that CLS can take to list the groups. If it is unavailable, reading the topics reports that. */
const PATIENCE_MS = 5_000;

/** Regions and logsets in which this process was the first of its definition to mark the group as its own. */
export type FirstStarts = Set<string>;

/**
 * Refuses a consumer group that another definition created: the two would take each other's partitions, and each would
 * miss what the other reads. A definition stores in its state which groups are its own, and marks each before it is
 * created.
 *
 * If the first processes of two definitions start at the same moment, both find no group. {@link wordsOfShared} then
 * warns the one that did not create it.
 *
 * Call it if the group's name was not given, but derived from the file's.
 */
export async function requireOwnGroup(
  places: readonly MemberTopics[],
  group: string,
  store: StateStore,
  credentials: () => Credentials,
): Promise<FirstStarts> {
  const firsts: FirstStarts = new Set();
  await Promise.all(
    places.map(async ({ region, logsetId }) => {
      const mark = `groups/${region}/${logsetId}/${group}`;
      if ((await store.get(mark)) !== undefined) return;
      // Another process of this definition marks the group before it creates it.
      if ((await isThere(region, logsetId, group, credentials)) && (await store.get(mark)) === undefined) {
        throw new UserError(
          `group ${group} of logset ${logsetId} in ${region} must belong to this definition, got one that another definition created; ` +
            `pass another name with --group, or --group ${group} to resume from its positions`,
        );
      }
      const marked = await store.create(mark, JSON.stringify({ version: 1, at: Date.now() }));
      if (marked === "created") firsts.add(placeKey(region, logsetId));
    }),
  );
  return firsts;
}

/** A warning about a joined group; undefined if there is none. */
export function wordsOfShared(
  firsts: FirstStarts,
  { region, logsetId }: MemberTopics,
  { group, isNew }: { readonly group: string; readonly isNew: boolean },
): string | undefined {
  // A group that is joined again already exists.
  if (!firsts.delete(placeKey(region, logsetId)) || isNew) return undefined;
  return (
    `group ${group} of logset ${logsetId} in ${region} was created by another process at the moment of this definition's first start: ` +
    `if that process runs another definition, each misses the records that the other reads; stop both, and give one of them ` +
    `another name with --group`
  );
}

function placeKey(region: string, logsetId: string): string {
  return `${region} ${logsetId}`;
}

async function isThere(
  region: string,
  logsetId: string,
  group: string,
  credentials: () => Credentials,
): Promise<boolean> {
  const groups = new GroupClient({ region, logsetId, group, consumer: "" }, credentials, PATIENCE_MS);
  try {
    return (await groups.names()).includes(group);
  } catch (error) {
    logError(
      `cannot check whether group ${group} in ${region} belongs to another definition: ${(error as Error).message}`,
    );
    return false;
  } finally {
    groups.close();
  }
}
