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
   * How regular expressions run. `linear` takes time in proportion to the text and refuses look-around and
   * back-references at synth; `backtracking` takes them, and gives each match a time limit.
   * @default "linear"
   */
  readonly regexEngine?: "linear" | "backtracking";
  /**
   * What becomes of an event on which a step fails. `drop`: it and all that was split from it end, as in the reference.
   * `keep`: it goes to the default output as it came, with the reason in `__tag__:__rules_error__`. Both ways it is
   * counted as failed, and goes to the output `invalid` with its reason where there is one.
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

/** What a rule text needs of the pipeline that runs it. */
export interface RulesCheck {
  /** What is wrong, as people read it: `3:7 error RULES_UNKNOWN_NAME: ...`, the line, and a caret. */
  readonly errors: readonly string[];
  /** What may be wrong, likewise. */
  readonly warnings: readonly string[];
  /** Outputs that the text names. */
  readonly outputs: readonly string[];
  /** Files of the zip that hold the libraries which the text needs. */
  readonly parts: readonly string[];
}

/** A rule text in the dialect of CLS's own data processing. */
export interface NativeText {
  /** One call a line; of no use where there are problems. */
  readonly text: string;
  /** What CLS cannot do, each with its line. */
  readonly problems: readonly string[];
  /** Where CLS does a thing otherwise, as its documentation has it. */
  readonly notes: readonly string[];
}

/** A text in the rule language, for `rules` of a pipeline. It is checked when the pipeline is made. */
export class LogRules {
  /** Rules as a text. */
  static fromText(text: string, options: LogRulesOptions = {}): LogRules {
    const remedy = "give what only the plan knows to the function as environment, and read it with res_local";
    const known = readArgument(new Checks("LogRules.fromText"), "rules", knownAtSynth(freeText, remedy), text);
    return new LogRules(known, readOptions("LogRules.fromText", options));
  }

  /**
   * Rules in a file, by its path from the working directory.
   * @param path of a file such as `rules/access.sls`, relative to the folder where the app runs
   */
  static fromFile(path: string, options: LogRulesOptions = {}): LogRules {
    const maker = "LogRules.fromFile";
    const file = resolve(readArgument(new Checks(maker), "path", knownAtSynth(text), path));
    if (!existsSync(file) || !statSync(file).isFile()) {
      refuse(maker, "LOGS_RULES_FILE", `path must be that of a rule text, got no file at ${file}; correct the path`);
    }
    return new LogRules(readFileSync(file, "utf8").replace(/^\ufeff/, ""), readOptions(maker, options), path);
  }

  /** The operations in their order, made with `ruleFunctions`. */
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
    /** The options that it was made with. */
    readonly options: LogRulesOptions,
    /** Path of the file, for messages. */
    readonly file?: string,
  ) {}

  /** The same rules, run otherwise. */
  with(options: LogRulesOptions): LogRules {
    return new LogRules(this.text, { ...this.options, ...readOptions("LogRules.with", options) }, this.file);
  }

  /**
   * Checks the text as synth does, and returns all that is wrong with it.
   * @param outputs names that the text may use; any name will do where they are not given
   */
  check(outputs?: readonly string[]): RulesCheck {
    const key = JSON.stringify(outputs ?? null);
    const known = this.#checks.get(key) ?? this.#check(outputs);
    this.#checks.set(key, known);
    return known;
  }

  /**
   * The rules in the dialect of CLS's own data processing.
   *
   * @param defaultOutput alias of the destination for events that name none; without one they are dropped
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
