import { defaultOutputOf, isSpecialOutput } from "../../functions/settings";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Annotations, Construct } from "../framework";
import { checkOutputs, outputsProp, type Outputs } from "../outputs/output";
import { ClsOutput } from "../outputs/cls-output";
import { knownAtSynth, oneOf, required } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { regionOfMade } from "../region";
import { rulesProp, type LogRules, type NativeText } from "../rules/log-rules";
import { DataTransform, TRANSFORM_NAME } from "../cls/data-transform";
import { ClsStreamPipeline, STREAM_PROPS, type ClsStreamPipelineProps } from "./cls-stream-pipeline";
import { checkRuleText, warnOfRules } from "../processing/rule-text";

/** Props of a {@link RuleTransform}. */
export interface RuleTransformProps extends Omit<ClsStreamPipelineProps, "processor" | "rules"> {
  /** Rules to run on each record. */
  readonly rules: LogRules;
  /** Destinations of records, by the names that the rules use. With the engine `native`, all must be topics. */
  readonly outputs: Outputs;
  /**
   * Engine that runs the rules. `function` is the engine of this package: it implements the reference completely and
   * takes a few seconds. `native` is CLS's own data processing: it needs no function and supports fewer features;
   * anything that it cannot do is an error at synth. `auto` is native if CLS can express the rules and all outputs are
   * topics, otherwise a function; a message at synth names the choice.
   *
   * The native translation follows CLS's documentation: test it with real records before you rely on it.
   * @default "function"
   */
  readonly engine?: "native" | "function" | "auto";
  /**
   * Name of CLS's data processing task, 1 to 128 characters without `|`.
   * @default the construct's path and a short hash of it
   */
  readonly transformName?: string;
}

const { processor: _processor, ...FUNCTION_PROPS } = STREAM_PROPS;

const PROPS: PropTable<RuleTransformProps> = {
  ...FUNCTION_PROPS,
  rules: required(rulesProp, "use LogRules.fromText or LogRules.fromFile"),
  outputs: required(outputsProp, "say where records go"),
  engine: knownAtSynth(oneOf(["native", "function", "auto"], 'leave it out for "function"', "LOGS_RULES_ENGINE")),
  transformName: TRANSFORM_NAME,
};

/** Props that CLS's own task supports. It has no tags. */
const NATIVE_PROPS: readonly string[] = [
  ...["topic", "rules", "outputs", "defaultOutput", "enabled", "engine", "transformName"],
  ...["provider", "region"],
];

/**
 * Runs rules on a topic's records, in a function or in CLS itself. With the engine `native`, props of the function are
 * refused; with `auto`, they cause a warning if CLS runs the rules.
 */
export class RuleTransform extends LogConstruct {
  /** Engine that runs the rules. */
  readonly engine: "native" | "function";
  /** The pipeline, if a function runs the rules. */
  readonly pipeline: ClsStreamPipeline | undefined;
  /** CLS's task, if CLS runs the rules. */
  readonly transform: DataTransform | undefined;

  constructor(scope: Construct, id: string, given: RuleTransformProps) {
    super(scope, id);
    const props = this.check(given);
    const { engine = "function", rules, transformName, ...shared } = props;
    const defaultOutput = defaultOutputOf(props.outputs, props.defaultOutput);
    const native = engine === "function" ? undefined : rules.native(defaultOutput);
    const obstacles = native ? [...native.problems, ...foreignOutputs(props.outputs), ...foreignOptions(rules)] : [];
    if (native && engine === "native") this.refuseAll(obstacles);

    this.engine = native && obstacles.length === 0 ? "native" : "function";
    if (native && this.engine === "native") {
      regionOfMade(this, props);
      warnOfRules(this, rules, props.outputs);
      this.warnOf(native);
      if (engine === "auto") this.tellOfNative(props);
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

  private check(given: RuleTransformProps): RuleTransformProps {
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    const { defaultOutput, engine = "function", outputs, rules } = props;
    for (const name of uselessProps(engine, props)) {
      checks.that(
        false,
        "LOGS_RULES_ENGINE_PROPS",
        () => `${name} must be left out where the engine is ${JSON.stringify(engine)}, got one; ${remedyOf(engine)}`,
      );
    }
    checkOutputs(checks, outputs, defaultOutput);
    checkRuleText(checks, { rules, outputs });
    checks.throwIfAny();
    return props;
  }

  /**
   * With `auto`, props that only a function needs are allowed, but they cause a warning: an alarm, for example, would
   * not be created.
   */
  private tellOfNative(props: RuleTransformProps): void {
    Annotations.of(this).addInfo("CLS itself runs the rules, since it can");
    const useless = uselessProps("native", props).join(", ");
    if (useless === "") return;
    Annotations.of(this).addWarning(
      `${useless} must be left out where CLS runs the rules; set engine "function" to have a function`,
    );
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

/** Props that the engine would ignore. */
function uselessProps(engine: RuleTransform["engine"] | "auto", props: RuleTransformProps): string[] {
  if (engine === "auto") return [];
  const isUseless = (name: string) => (engine === "native" ? !NATIVE_PROPS.includes(name) : name === "transformName");
  return Object.keys(props).filter(isUseless);
}

function remedyOf(engine: RuleTransform["engine"] | "auto"): string {
  return engine === "native" ? "CLS makes no function" : "only CLS's own task has that name";
}

/** CLS writes only to topics, and handles its own failures. */
function foreignOutputs(outputs: Outputs): string[] {
  return Object.entries(outputs).flatMap(([name, output]) => {
    if (!(output instanceof ClsOutput) || isSpecialOutput(name)) {
      return [`outputs.${name} must be a ClsOutput with a name of your choice: CLS writes to topics only`];
    }
    const given = Object.entries(output.props).filter(([, value]) => value !== undefined);
    return given.map(([prop]) => `outputs.${name}.${prop} must be left out: CLS writes to topics in its own way`);
  });
}

/** CLS handles failures in its own way. */
function foreignOptions({ options }: LogRules): string[] {
  return options.onError === "keep" ? ['rules must not have onError "keep": CLS drops what rules fail on'] : [];
}

function topicsOf(outputs: Outputs) {
  return Object.entries(outputs).map(([alias, output]) => ({ alias, topic: (output as ClsOutput).topic }));
}
