import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MonitorFile, Source } from "../../monitor";
import { PartError } from "../runtime/loader";
import type { MonitorPlaces } from "../settings";

/**
 * The definition that the construct put beside the handler, with values that only the plan knew. A source that belongs to
 * another function has no topic.
 *
 * @param name of the file, in `folder`
 * @throws PartError if it is missing or broken
 */
export function loadDefinition(
  { records, sources, state }: MonitorPlaces,
  name: string,
  folder = __dirname,
): MonitorFile {
  const file = readFile(folder, name);
  const places = sources.map((source): [string, Source] => {
    if (Object.hasOwn(file.sources, source.name)) {
      const { region, topicId: topic = "" } = source;
      return [source.name, { ...file.sources[source.name], topic, region }];
    }
    throw new PartError(name, new Error(`source ${source.name} of the settings must be in it, got none`));
  });
  return {
    ...file,
    sources: { ...file.sources, ...Object.fromEntries(places) },
    state: { type: "cos", ...state },
    ...(records && { records: { topic: records.topicId, region: records.region } }),
  };
}

function readFile(folder: string, name: string): MonitorFile {
  try {
    return JSON.parse(readFileSync(join(folder, name), "utf8")) as MonitorFile;
  } catch (cause) {
    throw new PartError(name, cause);
  }
}
