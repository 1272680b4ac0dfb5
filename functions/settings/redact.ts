import { byType, list, object, type Read, rule, text } from "./schema";

/** Names of the user's own patterns. */
export const REDACT_NAMES = {
  pattern: /^[A-Za-z][\w-]{0,31}$/,
  rule: "must have 1 to 32 letters, digits, - and _, beginning with a letter",
};

/** Data to mask in everything that leaves a pipeline. */
export const REDACT = list(
  byType({
    phone: object({}),
    idCard: object({}),
    email: object({}),
    bankCard: object({}),
    tencentKeys: object({}),
    /** A regular expression that the linear engine can run. */
    pattern: object({
      name: rule<string>((given) => typeof given === "string" && REDACT_NAMES.pattern.test(given), REDACT_NAMES.rule),
      source: text,
      /** `i`, `u`, both or none. */
      flags: rule<string>((given) => typeof given === "string" && /^[iu]*$/.test(given), "must be i, u, both or none"),
    }),
  }),
);

export type RedactSettings = Read<typeof REDACT>;
export type RedactKind = RedactSettings[number];

/** Which records to keep, by the value of a field: records with the same value are all kept or all left out. */
export const SAMPLE = object({
  /** Share of the values to keep, above 0 and up to 1. */
  keep: rule<number>((given) => typeof given === "number" && given > 0 && given <= 1, "must be above 0 and up to 1"),
  /** Name of the field. */
  by: text,
});

export type SampleSettings = Read<typeof SAMPLE>;
