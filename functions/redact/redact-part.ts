import { loadBeside } from "../runtime/loader";
import type { RedactSettings } from "../settings";
import type { Redactor } from "./redactor";

/** The contract of `redact.js`, the prebuilt part that masks. It is structural. */
export interface RedactPart {
  /** The redactor for some settings; the same one for equal settings, for all invocations of an instance. */
  redactorOf(settings: RedactSettings): Pick<Redactor, "redact">;
}

/** Loads the part; throws `PartError`. @param folder its folder, by default that of the handler */
export function loadRedactPart(folder?: string): RedactPart {
  return loadBeside("redact.js", folder) as RedactPart;
}
