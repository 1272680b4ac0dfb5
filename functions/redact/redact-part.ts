import { loadBeside } from "../runtime/loader";
import type { RedactSettings } from "../settings";
import type { Redactor } from "./redactor";

/** The contract of `redact.js`, the prebuilt part that masks. It is structural. */
export interface RedactPart {
  /** The redactor of some settings; of the same settings the same one, for all invocations of an instance. */
  redactorOf(settings: RedactSettings): Pick<Redactor, "redact">;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadRedactPart(folder?: string): RedactPart {
  return loadBeside("redact.js", folder) as RedactPart;
}
