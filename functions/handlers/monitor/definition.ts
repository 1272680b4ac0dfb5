import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MonitorFile, Source } from "../../../monitor";
import { PartError } from "../../runtime/loader";
import type { MonitorSettings } from "../../settings";

/**
 * The definition as the construct put it beside the handler, with what only the plan knew: a source that is another
 * function's stays without a topic.
 *
 * @param folder where `monitor.json` stands
 * @throws PartError where it is absent or broken
 */
export function loadDefinition({ records, sources, state }: MonitorSettings, folder = __dirname): MonitorFile {
  const file = readFile(folder);
  const places = sources.map(({ name, topicId, region }): [string, Source] => {
    if (Object.hasOwn(file.sources, name)) return [name, { ...file.sources[name], topic: topicId, region }];
    throw new PartError("monitor.json", new Error(`source ${name} of the settings must be in it, got none`));
  });
  return {
    ...file,
    sources: { ...file.sources, ...Object.fromEntries(places) },
    state: { type: "cos", ...state },
    ...(records && { records: { topic: records.topicId, region: records.region } }),
  };
}

function readFile(folder: string): MonitorFile {
  try {
    return JSON.parse(readFileSync(join(folder, "monitor.json"), "utf8")) as MonitorFile;
  } catch (cause) {
    throw new PartError("monitor.json", cause);
  }
}
