import type { RedactPart } from "../functions/redact/redact-part";
import { Redactor } from "../functions/redact/redactor";

const made = new Map<string, Redactor>();

/** See `RedactPart`. */
export const redactorOf: RedactPart["redactorOf"] = (settings) => {
  const key = JSON.stringify(settings);
  const redactor = made.get(key) ?? new Redactor(settings);
  made.set(key, redactor);
  return redactor;
};
