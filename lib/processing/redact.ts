import { REDACT_NAMES, type RedactKind, type SampleSettings } from "../../functions/settings";
import { compileLinePattern } from "../../rules/regex/javascript";
import { Checks } from "../errors";
import { instance, knownAtSynth, listOf, nested, number, required, text, textThat } from "../props/kinds";
import { readArgument, type PropTable } from "../props/prop";
import type { Outputs } from "../outputs/output";
import { patternFault } from "./patterns";
import type { LogProcessor } from "./processor";

/** Which records a pipeline keeps. */
export interface SampleProps {
  /** Share of the values of `by` to keep, above 0 and up to 1. */
  readonly keep: number;
  /**
   * Name of the field, in the record as it is read, that determines the choice. Records with the same value are either
   * all kept or all left out, in every process and at every delivery. A record without the field is kept.
   */
  readonly by: string;
}

/**
 * Masks sensitive data in everything that leaves a pipeline: strings, numbers and field names at any depth, however
 * JSON writes them. The data is replaced with the kind in brackets: `[phone]`.
 */
export class Redact {
  /**
   * Masks mobile numbers of mainland China, with or without `+86`, and with or without spaces or hyphens between the
   * parts.
   */
  static phone(): Redact {
    return new Redact({ type: "phone" });
  }

  /** Masks resident identity numbers: 18 characters with a valid check digit. */
  static idCard(): Redact {
    return new Redact({ type: "idCard" });
  }

  /** Masks e-mail addresses. */
  static email(): Redact {
    return new Redact({ type: "email" });
  }

  /**
   * Masks bank card numbers: 15 to 19 digits, with or without spaces or hyphens, that begin like card numbers and pass
   * the Luhn check. One in ten other numbers of that length and beginning passes the check as well.
   */
  static bankCard(): Redact {
    return new Redact({ type: "bankCard" });
  }

  /** Masks keys of Tencent Cloud: SecretIds, and the values of names such as `SecretKey` or `session_token`. */
  static tencentKeys(): Redact {
    return new Redact({ type: "tencentKeys" });
  }

  /**
   * Masks what matches your own pattern, in one string, number or field name at a time.
   *
   * @param name replaces the masked data and appears in the summary: 1 to 32 letters, digits, `-` and `_`, beginning
   * with a letter
   * @param pattern a regular expression that matches in linear time, so without look-around and back-references; only
   * the flags `g`, `i` and `u` are allowed
   * @throws LogsError if the name or the pattern is not valid
   */
  static pattern(name: string, pattern: RegExp | string): Redact {
    const checks = new Checks("Redact.pattern");
    const known = readArgument(checks, "name", NAME, name);
    const isRegex = pattern instanceof RegExp;
    checks.that(
      isRegex || typeof pattern === "string",
      "LOGS_PROP_TYPE",
      () => `pattern must be a regular expression, got ${typeof pattern}; write it like /order-\\d+/`,
    );
    checks.throwIfAny();
    const source = isRegex ? pattern.source : pattern;
    const flags = isRegex ? pattern.flags.replace("g", "") : "";
    const fault = patternFault(
      flags,
      () => compileLinePattern(source, flags).test("") && "it matches nothing at all; ask for one character at least",
    );
    checks.that(
      fault === undefined,
      "LOGS_REDACT_PATTERN",
      () => `pattern must be one that takes linear time, got /${source}/${flags}; ${fault}`,
    );
    checks.throwIfAny();
    return new Redact({ type: "pattern", name: known, source, flags });
  }

  private constructor(
    /** The handler's settings of the kind. */
    readonly settings: RedactKind,
  ) {}

  /** The name that replaces masked data and appears in the summary. */
  get name(): string {
    return this.settings.type === "pattern" ? this.settings.name : this.settings.type;
  }
}

const NAME = knownAtSynth(
  textThat(REDACT_NAMES.pattern, REDACT_NAMES.rule, "write it like orderId", "LOGS_REDACT_NAME"),
);

/** The prop `redact` of pipelines. */
export const redactProp = listOf(
  instance<Redact>("a Redact", "use Redact.phone, idCard, email, bankCard, tencentKeys or pattern", {
    others: ["settings", "name"],
  }),
);

const SAMPLE: PropTable<SampleProps> = {
  keep: required(knownAtSynth(number), "write it like 0.1"),
  by: required(knownAtSynth(text), "name a field, such as trace_id"),
};

/** The prop `sample` of pipelines. */
export const sampleProp = nested(SAMPLE);

/** The props that determine what leaves a pipeline. */
interface LeavingProps {
  readonly redact?: readonly Redact[];
  readonly sample?: SampleSettings;
  readonly outputs?: Outputs;
  readonly processor?: LogProcessor;
}

/** Checks the props `redact` and `sample`, by themselves and together with others. */
export function checkLeaving(checks: Checks, { outputs = {}, processor, redact = [], sample }: LeavingProps): void {
  const names = redact.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  checks
    .that(
      twice === undefined,
      "LOGS_REDACT_NAME",
      () => `redact must name each kind once, got ${twice} twice; leave one out, or rename the pattern`,
    )
    .that(
      sample === undefined || (sample.keep > 0 && sample.keep <= 1),
      "LOGS_SAMPLE",
      () => `sample.keep must be above 0 and up to 1, got ${sample?.keep}; 0.1 keeps one value in ten`,
    );
  const settings = processor?.settings;
  const isShape = settings?.type === "count" && settings.check === "shape";
  for (const [prop, isGiven] of [["redact", redact.length > 0] as const, ["sample", sample !== undefined] as const]) {
    checks
      .that(
        !isGiven || Object.keys(outputs).length > 0,
        "LOGS_REDACT_OUTPUTS",
        () => `${prop} must stand before outputs, got none; add one to outputs, or leave ${prop} out`,
      )
      .that(
        !isGiven || !isShape,
        "LOGS_OUTPUT_SHAPE",
        () => `processor must parse records for ${prop}, got the check "shape"; use LogProcessor.count()`,
      );
  }
}
