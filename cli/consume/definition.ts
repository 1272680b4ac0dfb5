import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { CheckedObject, isObject } from "../../functions/runtime/checked-json";
import { builtFile, partsFolder } from "../../lib/packaging/built-files";
import { UsageError } from "../../terminal/user-error";
import type { ProgramSource } from "./program";

/** A standalone task: what it reads, and what it does with it. */
export interface Definition {
  readonly group: string;
  readonly sources: readonly {
    readonly name: string;
    readonly region: string;
    readonly topicId: string;
    readonly logsetId?: string;
  }[];
  readonly program: ProgramSource;
}

/**
 * Reads a definition, YAML or JSON. Throws {@link UsageError}.
 *
 * ```yaml
 * group: access-rules
 * sources:
 *   access: { region: ap-guangzhou, topic: <topic id>, logset: <logset id> }   # logset: by default read from CLS
 * rules: access.sls               # or processor: processor.js; neither: records go to the default output unchanged
 * outputs: { archive: { type: cos, bucket: logs-1250000000, region: ap-guangzhou, prefix: archive/ } }
 * quarantine: { bucket: logs-1250000000, region: ap-guangzhou, prefix: quarantine/access/ }
 * ```
 */
export function readDefinitionFile(file: string): Definition {
  const document = parseDocument(textOf(file));
  const [syntax] = document.errors;
  if (syntax) throw new UsageError(`${file} must be YAML or JSON, got: ${syntax.message.split("\n")[0]}`);
  const wrong = (path: string, what: string, value: unknown): Error =>
    new UsageError(`${file}: ${path.replace(/^\./, "")} must be ${what}, got ${JSON.stringify(value) ?? "nothing"}`);
  const value: unknown = document.toJS();
  if (!isObject(value)) throw wrong("it", "an object", value);
  for (const name of Object.keys(value)) {
    if (!KNOWN.includes(name)) throw wrong(name, `one of ${KNOWN.join(", ")}`, name);
  }
  const given = new CheckedObject(value, "", wrong);
  const { sources: sourceValues, group, rules, processor, settings = {}, outputs, quarantine, defaultOutput } = value;
  if (!isObject(sourceValues) || Object.keys(sourceValues).length === 0)
    throw wrong("sources", "an object of sources", sourceValues);
  if (rules !== undefined && processor !== undefined) throw wrong("rules", "given without processor", rules);
  if (!isObject(settings)) throw wrong("settings", "an object", settings);
  const sources = Object.entries(sourceValues).map(([name, source]) => {
    const of = new CheckedObject(source, `sources.${name}`, wrong);
    const logset = isObject(source) ? source.logset : undefined;
    if (logset !== undefined && typeof logset !== "string")
      throw wrong(`sources.${name}.logset`, "a logset's id", logset);
    return { name, region: of.text("region"), topicId: of.text("topic"), logsetId: logset };
  });
  const folder = dirname(resolve(file));
  const beside = (name: "rules" | "processor"): Uint8Array => {
    const path = join(folder, given.text(name));
    if (!existsSync(path)) throw wrong(name, "a file next to the definition", given.text(name));
    return readFileSync(path);
  };
  const type = rules !== undefined ? "rules" : processor !== undefined ? "code" : "count";
  const written = {
    ...settings,
    version: 1,
    region: sources[0]?.region,
    processor: { type },
    ...(outputs !== undefined && { outputs }),
    ...(defaultOutput !== undefined && { defaultOutput }),
    quarantine,
  };
  return {
    group: typeof group === "string" ? group : "consume",
    sources,
    program: {
      handler: "index.main_handler",
      variables: { LOGS_SETTINGS: JSON.stringify(written) },
      files: {
        "index.js": builtFile("handlers/cls-stream/index.js"),
        ...Object.fromEntries(readdirSync(partsFolder()).map((name) => [name, builtFile(`parts/${name}`)])),
        ...(rules !== undefined && { "rules.sls": beside("rules") }),
        ...(processor !== undefined && { "processor.js": beside("processor") }),
      },
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`FILE must be a file, got ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const KNOWN = ["group", "sources", "rules", "processor", "settings", "outputs", "defaultOutput", "quarantine"];
