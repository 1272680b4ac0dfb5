import { defaultOutputOf, isSpecialOutput } from "../../functions/settings";
import { Checks } from "../errors";
import { Annotations, Construct } from "../framework";
import { checkOutputs, type Outputs } from "../outputs/output";
import { ClsOutput } from "../outputs/cls-output";
import type { LogRules, NativeText } from "../rules/log-rules";
import { DataTransform } from "../cls/data-transform";
import { ClsStreamPipeline, type ClsStreamPipelineProps } from "./cls-stream-pipeline";
import { checkRuleText, warnOfRules } from "../processing/rule-text";

export interface RuleTransformProps extends Omit<ClsStreamPipelineProps, "processor" | "rules"> {
  readonly rules: LogRules;
  readonly outputs: Outputs;
  /**
   * What runs the rules. `function`: our engine, with the reference's semantics in full, a few seconds late. `native`:
   * CLS's own data processing, which needs no function and knows less; what it cannot do is an error at synth. `auto`:
   * native where it can express the rules and all outputs are topics, else a function; a message at synth says which.
   *
   * What native rules do is what CLS's documentation says of them: try them on real records before you rely on them.
   * @default "function"
   */
  readonly engine?: "native" | "function" | "auto";
  /**
   * Name of CLS's data processing task, 1 to 128 characters without `|`.
   * @default the construct's path and a short hash of it
   */
  readonly transformName?: string;
}

/** Rules over a topic's records: in a function, or in CLS itself. Props of the function are of no use to the latter. */
export class RuleTransform extends Construct {
  /** Which engine runs the rules. */
  readonly engine: "native" | "function";
  /** The pipeline, where a function runs the rules. */
  readonly pipeline: ClsStreamPipeline | undefined;
  /** CLS's task, where it runs the rules. */
  readonly transform: DataTransform | undefined;

  constructor(scope: Construct, id: string, props: RuleTransformProps) {
    super(scope, id);
    const { engine = "function", rules, transformName, ...shared } = props;
    this.check(props);
    const defaultOutput = defaultOutputOf(props.outputs, props.defaultOutput);
    const native = engine === "function" ? undefined : rules.native(defaultOutput);
    const obstacles = native ? [...native.problems, ...foreignOutputs(props.outputs), ...foreignOptions(rules)] : [];
    if (native && engine === "native") this.refuseAll(obstacles);

    this.engine = native && obstacles.length === 0 ? "native" : "function";
    if (native && this.engine === "native") {
      warnOfRules(this, rules, props.outputs);
      this.warnOf(native);
      if (engine === "auto") Annotations.of(this).addInfo("CLS itself runs the rules, since it can");
      this.transform = new DataTransform(this, "Transform", {
        topic: props.topic,
        content: native.text,
        destinations: topicsOf(props.outputs),
        enabled: props.enabled,
        transformName,
        provider: props.provider,
      });
      return;
    }
    if (engine === "auto") {
      Annotations.of(this).addInfo(`a function runs the rules, since CLS cannot:\n${obstacles.join("\n")}`);
    }
    this.pipeline = new ClsStreamPipeline(this, "Pipeline", { ...shared, rules });
  }

  private check({ defaultOutput, engine, outputs, rules }: RuleTransformProps): void {
    const checks = new Checks(this);
    checks.oneOf("engine", engine, ["native", "function", "auto"], 'leave it out for "function"', "LOGS_RULES_ENGINE");
    checkOutputs(checks, outputs, defaultOutput);
    checkRuleText(checks, { rules, outputs });
    checks.throwIfAny();
  }

  private refuseAll(obstacles: readonly string[]): void {
    new Checks(this)
      .that(
        obstacles.length === 0,
        "LOGS_RULES_NATIVE",
        () =>
          `rules must be what CLS can do, got ${obstacles.length} that it cannot; use engine "function" or "auto":\n${obstacles.join("\n")}`,
      )
      .throwIfAny();
  }

  private warnOf({ notes }: NativeText): void {
    for (const note of notes) Annotations.of(this).addWarning(note);
  }
}

/** CLS writes to topics, and keeps by itself what it fails on. */
function foreignOutputs(outputs: Outputs): string[] {
  return Object.entries(outputs)
    .filter(([name, output]) => !(output instanceof ClsOutput) || isSpecialOutput(name))
    .map(([name]) => `outputs.${name} must be a ClsOutput with a name of your choice: CLS writes to topics only`);
}

/** What becomes of failures is CLS's own affair. */
function foreignOptions({ options }: LogRules): string[] {
  return options.onError === "keep" ? ['rules must not have onError "keep": CLS drops what rules fail on'] : [];
}

function topicsOf(outputs: Outputs) {
  return Object.entries(outputs).map(([alias, output]) => ({ alias, topic: (output as ClsOutput).topic }));
}
