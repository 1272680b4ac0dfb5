import { loadBeside } from "../runtime/loader";
import type { OutputsSettings, ProcessorSettings } from "../settings";
import { CodeProcessor } from "./code";
import { CountProcessor } from "./count";
import { loadProcessor } from "./load";
import type { Processor } from "./processor";
import type { createRulesProcessor } from "./rules";

/** Creates the processor according to the settings; throws if the user's code is broken or missing. */
export function createProcessor(settings: ProcessorSettings, outputs: OutputsSettings): Processor {
  if (settings.type === "code") return new CodeProcessor(loadProcessor(), outputs);
  if (settings.type === "rules") return loadRules()(settings, outputs, __dirname);
  return new CountProcessor(settings, outputs.defaultOutput);
}

/** The rule engine, which is only in the zip if it is used. */
function loadRules() {
  const part = loadBeside("rules.js") as { readonly createRulesProcessor: typeof createRulesProcessor };
  return part.createRulesProcessor;
}
