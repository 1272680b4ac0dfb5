import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadBeside } from "../runtime/loader";
import { logError } from "../runtime/log";
import type { ProcessorDefinition } from "./define";
import { whereThrown } from "./where-thrown";

/** The user's code is not a processor, or its `end` threw. */
export class ProcessorError extends Error {
  override readonly name = "ProcessorError";
  readonly code = "LOGS_PROCESSOR";
}

/**
 * The user's processor, from `processor.js`. Its contract is structural: an object with `record`, exported as `default` or
 * as the module itself.
 *
 * @param folder its folder, by default that of the handler
 * @throws `PartError` if it does not load, {@link ProcessorError} if it is something else
 */
export function loadProcessor(folder = __dirname): ProcessorDefinition {
  mapSources(folder);
  const processor = processorIn(load(folder));
  if (processor) return processor;
  throw new ProcessorError(
    "processor.js must export an object with the function record as its default, got something else; use defineProcessor",
  );
}

/** Makes stacks show the user's source lines. It only affects files that Node loads afterwards. */
function mapSources(folder: string): void {
  if (existsSync(join(folder, "processor.js.map"))) process.setSourceMapsEnabled(true);
}

function load(folder: string): unknown {
  try {
    return loadBeside("processor.js", folder);
  } catch (error) {
    logError(`processor.js threw ${whereThrown((error as Error).cause)}`);
    throw error;
  }
}

/** A bundler can wrap the default export again. */
function processorIn(exported: unknown): ProcessorDefinition | undefined {
  for (let value = exported, depth = 0; depth < 3 && typeof value === "object" && value !== null; depth++) {
    if (typeof (value as Partial<ProcessorDefinition>).record === "function") return value as ProcessorDefinition;
    value = (value as { default?: unknown }).default;
  }
  return undefined;
}
