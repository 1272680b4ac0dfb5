import { Logs } from "../functions/outputs/otlp/logs";
import type { OtlpPart } from "../functions/outputs/otlp-part";

/** See `OtlpPart`. */
export const openOtlp: OtlpPart["openOtlp"] = (settings, now) => new Logs(settings, now);
