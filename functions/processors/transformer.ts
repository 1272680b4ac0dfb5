import { loadBeside } from "../runtime/loader";
import type { Batch, Routed } from "../records/contracts";
import type { OutputsSettings, ProcessorSettings, RecordCheck } from "../settings";
import type { Summary } from "../invocation/summary";
import { CodeTransformer } from "./code";
import { CountTransformer } from "./count";
import { loadProcessor } from "./load";
import type { createRulesTransformer } from "./rules";

/** What became of a batch. */
export interface Transformed {
  readonly routed: readonly Routed[];
  /** Records that go nowhere. */
  readonly dropped: Batch;
  /** How many records the processor failed on; what is kept of them is routed. */
  readonly failed: number;
}

/** A processor at work, for one invocation. */
export interface Transformer {
  /** How a line must be checked for this processor. */
  readonly check: RecordCheck;
  /** @param signal once it aborts nobody waits for the result, and no code of the user's is called any more */
  transform(batch: Batch, signal: AbortSignal): Transformed | Promise<Transformed>;
  /** After the last batch of the invocation. */
  end(summary: Readonly<Summary>): void | Promise<void>;
}

/** The rule engine, which is in the zip only where it is used. */
function loadRules() {
  const part = loadBeside("rules.js") as { readonly createRulesTransformer: typeof createRulesTransformer };
  return part.createRulesTransformer;
}

/** The processor that the settings ask for; throws where the user's code is broken or absent. */
export function createTransformer(settings: ProcessorSettings, outputs: OutputsSettings): Transformer {
  if (settings.type === "code") return new CodeTransformer(loadProcessor(), outputs);
  if (settings.type === "rules") return loadRules()(settings, outputs, __dirname);
  return new CountTransformer(settings, outputs.defaultOutput);
}
