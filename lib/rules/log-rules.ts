import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { rulePartsIn } from "../../functions/runtime/loader";
import { checkRules, type Problem, renderProblem } from "../../rules";
import { compileNative } from "../../rules/native";
import { Checks, refuse, shown } from "../errors";
import { partsFolder } from "../packaging/built-files";
import { freeText, instance, knownAtSynth, oneOf, text } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { RuleOperation } from "./rule-call";

/** How a rule text is run. */
export interface LogRulesOptions {
  /**
   * Engine for regular expressions. `linear` matches in time proportional to the text, and refuses look-around and
   * back-references at synth. `backtracking` supports them, and limits the time of each match.
   * @default "linear"
   */
  readonly regexEngine?: "linear" | "backtracking";
  /**
   * What happens to an event if a step fails on it. `drop` ends the event and all events that were split from it, as
   * the reference does. `keep` sends the event to the default output in its original form, with the reason in
   * `__tag__:__rules_error__`. In both cases the event counts as failed, and goes to the output `invalid` with the
   * reason if there is such an output.
   * @default "drop"
   */
  readonly onError?: "drop" | "keep";
}

const OPTIONS: PropTable<LogRulesOptions> = {
  regexEngine: knownAtSynth(oneOf(["linear", "backtracking"], "leave it out for linear", "LOGS_RULES_OPTIONS")),
  onError: knownAtSynth(oneOf(["drop", "keep"], "leave it out for drop", "LOGS_RULES_OPTIONS")),
};

function readOptions(maker: string, options: LogRulesOptions): LogRulesOptions {
  const checks = new Checks(maker);
  const known = readProps(checks, OPTIONS, options);
  checks.throwIfAny();
  return known;
}

/** Result of checking a rule text: its problems, and what it needs from the pipeline. */
export interface RulesCheck {
  /** Errors in readable form: `3:7 error RULES_UNKNOWN_NAME: ...`, the line, and a caret. */
  readonly errors: readonly string[];
  /** Warnings in the same form. */
  readonly warnings: readonly string[];
  /** Outputs that the text names. */
  readonly outputs: readonly string[];
  /** Files of the zip with the libraries that the text needs. */
  readonly parts: readonly string[];
}

/** A rule text translated to the dialect of CLS's own data processing. */
export interface NativeText {
  /** The translated text, one call per line. Do not use it if there are problems. */
  readonly text: string;
  /** What CLS cannot do, each with its line. */
  readonly problems: readonly string[];
  /** Differences between CLS and the reference, according to CLS's documentation. */
  readonly notes: readonly string[];
}

/** A rule text for a pipeline's `rules`. It is checked when the pipeline is created. */
export class LogRules {
  /**
   * Rules from a string.
   * @throws LogsError if an option is not valid, or the text contains a token
   */
  static fromText(text: string, options: LogRulesOptions = {}): LogRules {
    const remedy = "give what only the plan knows to the function as environment, and read it with res_local";
    const known = readArgument(new Checks("LogRules.fromText"), "rules", knownAtSynth(freeText, remedy), text);
    return new LogRules(known, readOptions("LogRules.fromText", options));
  }

  /**
   * Rules from a file.
   * @param path path of the file, such as `rules/access.sls`, relative to the folder where the app runs
   * @throws LogsError if there is no file at the path, or an option is not valid
   */
  static fromFile(path: string, options: LogRulesOptions = {}): LogRules {
    const maker = "LogRules.fromFile";
    const file = resolve(readArgument(new Checks(maker), "path", knownAtSynth(text), path));
    if (!existsSync(file) || !statSync(file).isFile()) {
      refuse(maker, "LOGS_RULES_FILE", `path must be that of a rule text, got no file at ${file}; correct the path`);
    }
    return new LogRules(readFileSync(file, "utf8").replace(/^\ufeff/, ""), readOptions(maker, options), path);
  }

  /**
   * Rules from operations in their order, created with `ruleFunctions`.
   * @throws LogsError if an argument is not an operation
   */
  static of(...operations: readonly RuleOperation[]): LogRules {
    const given: readonly unknown[] = operations;
    const wrong = given.findIndex((one) => !(one instanceof RuleOperation));
    if (wrong !== -1) {
      refuse(
        "LogRules.of",
        "LOGS_PROP_TYPE",
        `operations[${wrong}] must be an operation, got ${shown(given[wrong])}; make it with ruleFunctions, like eSet("a", "1")`,
      );
    }
    return new LogRules(operations.map(({ text }) => `${text}\n`).join(""), {});
  }

  readonly #checks = new Map<string, RulesCheck>();

  private constructor(
    /** The rule text. */
    readonly text: string,
    /** The options of the rules. */
    readonly options: LogRulesOptions,
    /** Path of the file, used in messages. */
    readonly file?: string,
  ) {}

  /** Returns the same rules with other options. */
  with(options: LogRulesOptions): LogRules {
    return new LogRules(this.text, { ...this.options, ...readOptions("LogRules.with", options) }, this.file);
  }

  /**
   * Checks the text as synth does, and returns all problems.
   * @param outputs output names that the text can use; if left out, any name is accepted
   */
  check(outputs?: readonly string[]): RulesCheck {
    const key = JSON.stringify(outputs ?? null);
    const known = this.#checks.get(key) ?? this.#check(outputs);
    this.#checks.set(key, known);
    return known;
  }

  /**
   * Translates the rules to the dialect of CLS's own data processing.
   *
   * @param defaultOutput alias of the destination for events that name none; without one, they are dropped
   */
  native(defaultOutput?: string): NativeText {
    const { notes, problems, text } = compileNative(this.text, { defaultOutput, parts: rulePartsIn(partsFolder()) });
    return { text, problems: problems.map((one) => this.#tell(one)), notes: notes.map((one) => this.#tell(one)) };
  }

  #tell(found: Problem): string {
    return `${this.file ?? "rules"}:${renderProblem(this.text, found)}`;
  }

  #check(outputs?: readonly string[]): RulesCheck {
    const { regexEngine } = this.options;
    const found = checkRules(this.text, { parts: rulePartsIn(partsFolder()), outputs, regexEngine });
    const told = (severity: "error" | "warning"): string[] =>
      found.problems.filter((problem) => problem.severity === severity).map((problem) => this.#tell(problem));
    return {
      errors: told("error"),
      warnings: told("warning"),
      outputs: found.outputs,
      parts: found.parts.map((name) => `rules-${name}.js`),
    };
  }
}

/** The prop `rules` of pipelines. */
export const rulesProp = instance<LogRules>("a LogRules", "use LogRules.fromText, fromFile or of", {
  others: ["check", "native", "options"],
});
