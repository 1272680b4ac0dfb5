import { defaultOutputOf } from "../../functions/settings";
import type { Checks } from "../errors";
import { Annotations, type Construct } from "../framework";
import { unreachedOutputs, type Outputs } from "../outputs/output";
import type { LogContent } from "./content";
import type { LogProcessor } from "./processor";

/** The props that determine where records go. */
interface RoutingProps {
  readonly outputs?: Outputs;
  readonly defaultOutput?: string;
  readonly processor?: LogProcessor;
  readonly content?: LogContent;
}

/** Records that are not parsed can only go to an output that writes lines unchanged. */
export function checkParsed(checks: Checks, { content, defaultOutput, outputs = {}, processor }: RoutingProps): void {
  const settings = processor?.settings;
  const name = defaultOutputOf(outputs, defaultOutput);
  if (settings?.type !== "count" || settings.check !== "shape" || name === undefined) return;
  checks
    .that(
      !outputs[name]?.needsFields,
      "LOGS_OUTPUT_SHAPE",
      () =>
        `processor must parse records for outputs.${name}, which writes what they hold, got the check "shape"; ` +
        `use LogProcessor.count(), or a CosOutput, which writes lines as they are`,
    )
    .that(
      content?.settings.type !== "csv",
      "LOGS_OUTPUT_SHAPE",
      () =>
        `processor must parse records of CSV for outputs.${name}, which gets them as JSON, got the check "shape"; ` +
        `use LogProcessor.count()`,
    );
}

/**
 * Counting sends records only to the default output. Another output that stays empty is not an error, but hardly
 * intended.
 */
export function warnOfUnreached(scope: Construct, { defaultOutput, outputs = {}, processor }: RoutingProps): void {
  if ((processor?.settings.type ?? "count") !== "count") return;
  for (const name of unreachedOutputs(outputs, defaultOutput)) {
    Annotations.of(scope).addWarning(
      `outputs.${name} receives nothing, since no processor sends records there; leave it out, or give a processor`,
    );
  }
}
