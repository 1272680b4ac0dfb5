import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProcessorDefinition } from "./define";

/** The user's code is absent, broken, or no processor. */
export class ProcessorError extends Error {
  override readonly name = "ProcessorError";
  readonly code = "LOGS_PROCESSOR";
}

const load = createRequire(__filename);

/**
 * The user's processor, from `processor.js` beside the handler. Its contract is structural: an object with `record`,
 * exported as `default` or as the module itself.
 *
 * @throws {@link ProcessorError} with the fault as its cause
 */
export function loadProcessor(path = join(__dirname, "processor.js")): ProcessorDefinition {
  const processor = processorIn(requireModule(path));
  if (processor) return processor;
  throw new ProcessorError(
    "processor.js must export an object with the function record as its default, got something else; use defineProcessor",
  );
}

function requireModule(path: string): unknown {
  try {
    return load(path);
  } catch (cause) {
    const { name, message } = cause as Error;
    const text = `processor.js must load, got ${name}: ${message.split("\n")[0]}`;
    throw new ProcessorError(`${text}; deploy the function through its construct`, { cause });
  }
}

/** A bundler may wrap the default export once more. */
function processorIn(exported: unknown): ProcessorDefinition | undefined {
  for (let value = exported, depth = 0; depth < 3 && typeof value === "object" && value !== null; depth++) {
    if (typeof (value as Partial<ProcessorDefinition>).record === "function") return value as ProcessorDefinition;
    value = (value as { default?: unknown }).default;
  }
  return undefined;
}
