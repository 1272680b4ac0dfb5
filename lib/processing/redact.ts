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
  /** Share of the values of `by` that are kept, above 0 and up to 1. */
  readonly keep: number;
  /**
   * Name of the field, of the record as it is read, by which it is decided: records of one value are all kept or all left
   * out, in every process and at every delivery. A record without it is kept.
   */
  readonly by: string;
}

/**
 * What is masked in all that leaves a pipeline: texts, numbers and names of fields, however deep, whichever way JSON writes
 * them. In its place stands the kind in brackets: `[phone]`.
 */
export class Redact {
  /** Mobile numbers of mainland China, with `+86` or without, with spaces or hyphens between their parts. */
  static phone(): Redact {
    return new Redact({ type: "phone" });
  }

  /** Resident identity numbers of 18 characters whose check digit is right. */
  static idCard(): Redact {
    return new Redact({ type: "idCard" });
  }

  /** Addresses of e-mail. */
  static email(): Redact {
    return new Redact({ type: "email" });
  }

  /**
   * Numbers of bank cards: 15 to 19 digits, with spaces or hyphens between them, that pass the Luhn check and begin as cards
   * do. One in ten other numbers of that length and beginning passes it as well.
   */
  static bankCard(): Redact {
    return new Redact({ type: "bankCard" });
  }

  /** Keys of Tencent Cloud: SecretIds, and what stands under a name like `SecretKey` or `session_token`. */
  static tencentKeys(): Redact {
    return new Redact({ type: "tencentKeys" });
  }

  /**
   * What matches a pattern of your own, in one text, number or name of a field at a time.
   *
   * @param name 1 to 32 letters, digits, `-` and `_`, beginning with a letter; it stands in place of what is masked, and in
   * the summary
   * @param pattern a regular expression that takes linear time, so without look-around and back-references, with no flags but
   * `g`, `i` and `u`
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
    /** What the handler is told of it. */
    readonly settings: RedactKind,
  ) {}

  /** What stands in place of what is masked, and in the summary. */
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

/** What decides what leaves a pipeline. */
interface LeavingProps {
  readonly redact?: readonly Redact[];
  readonly sample?: SampleSettings;
  readonly outputs?: Outputs;
  readonly processor?: LogProcessor;
}

/** Checks the props `redact` and `sample`, alone and with others. */
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
