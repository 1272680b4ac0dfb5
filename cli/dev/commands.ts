import { suggestion } from "../../rules/check/similar";
import { type LocalCloud, sourcesOf, type Topic, toRecord, uploadRecords } from "../../local";
import { UserError } from "../../terminal/user-error";
import { parseNote } from "../quarantine/note";
import { replayEvent } from "../replay/event";
import { quarantinesOf } from "./quarantines";

/** Maximum lines of one upload, and bytes: CLS accepts 5 MB. */
const BATCH_LINES = 500;
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Sends lines to a topic. Throws {@link UserError} if there is none of that name, or several.
 *
 * @param send performs each upload
 */
export async function feedTopic(
  cloud: LocalCloud,
  name: string,
  lines: Iterable<string> | AsyncIterable<string>,
  send: (topicId: string, upload: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const topic = topicOf(cloud, name);
  let batch: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const records = batch.map((line) => toRecord(line, cloud.clock.now()));
    [batch, bytes] = [[], 0];
    await send(topic.id, () => uploadRecords(cloud, topic, records));
  };
  for await (const line of lines) {
    if (line.trim() === "") continue;
    batch.push(line);
    bytes += Buffer.byteLength(line);
    if (batch.length === BATCH_LINES || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
}

/** Calls a function, and waits for its end. Throws {@link UserError} if there is none of that name. */
export async function callFunction(cloud: LocalCloud, name: string, event: unknown): Promise<void> {
  const names = cloud.functions.map(({ spec }) => spec.name);
  const found = cloud.functions.filter(({ spec }) => spec.name === name);
  if (found.length === 0) throw unknown("FUNCTION", name, names);
  for (const { spec } of found) {
    const { namespace, region } = spec;
    await cloud.invoke({ functionName: name, namespace, region, event, wait: true });
  }
}

/** Lets the function of a note retry. Throws {@link UserError} if the note does not exist. */
export async function replayNote(cloud: LocalCloud, { bucket, key }: { bucket: string; key: string }): Promise<void> {
  const place = quarantinesOf(cloud).find((one) => one.bucket === bucket && key.startsWith(one.prefix));
  const text =
    place &&
    (await cloud
      .bucket(bucket)
      .read(key)
      .catch(() => undefined));
  const note = place && text && parseNote(text.toString(), key, place.prefix);
  if (!note) throw new UserError(`note must be in the quarantine of a pipeline, got cos://${bucket}/${key}`);
  const { functionName, namespace, region } = place;
  await cloud.invoke({ functionName, namespace, region, event: replayEvent(note), wait: true });
}

/** All notes in quarantine. */
export function notesIn(cloud: LocalCloud): { bucket: string; key: string }[] {
  return quarantinesOf(cloud).flatMap(({ bucket, prefix }) => {
    const keys = cloud.bucket(bucket).keys(prefix);
    const notes = keys.filter((key) => key.endsWith(".json") && !key.startsWith(`${prefix}started/`));
    return notes.map((key) => ({ bucket, key }));
  });
}

/** The topics with that id or name. */
export function topicsNamed(cloud: LocalCloud, name: string): Topic[] {
  return cloud.cls.allTopics().filter((topic) => topic.id === name || topic.name === name);
}

function topicOf(cloud: LocalCloud, name: string): Topic {
  const found = topicsNamed(cloud, name);
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    const topics = cloud.cls.allTopics().map((topic) => topic.name);
    const buckets = sourcesOf(cloud).map(({ bucket }) => bucket.name);
    throw unknown("TOPIC", name, [...topics, ...buckets]);
  }
  const ids = found.map(({ id, region }) => `${id} (${region})`);
  throw new UserError(
    `TOPIC must name one topic, got "${name}", which is the name of ${ids.length}; give an id: ${ids.join(", ")}`,
  );
}

function unknown(what: string, name: string, names: readonly string[]): UserError {
  const hint = suggestion(name, [...names]);
  return new UserError(
    `${what} must be one of ${names.join(", ") || "none, because there are none"}, got "${name}"${hint}`,
  );
}
