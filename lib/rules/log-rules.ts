import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { rulePartsIn } from "../../functions/runtime/loader";
import { checkRules, type Problem, renderProblem } from "../../rules";
import { compileNative } from "../../rules/native";
import { isToken } from "../framework";
import { partsFolder } from "../packaging/built-files";
import type { RuleOperation } from "./rule-call";

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
  static fromText(text: string, options: LogRulesOptions = {}): LogRules {
    if (isToken(text)) {
      throw new TypeError(
        "rules must be known at synth, got a token; read what only the plan knows with res_local from the environment",
      );
    }
    return new LogRules(text, options);
  }

  /** @param path of a file such as `rules/access.sls`, relative to the folder where the app runs */
  static fromFile(path: string, options: LogRulesOptions = {}): LogRules {
    return new LogRules(readFileSync(resolve(path), "utf8").replace(/^\ufeff/, ""), options, path);
  }

  /** The operations in their order, made with `ruleFunctions`. */
  static of(...operations: readonly RuleOperation[]): LogRules {
    return new LogRules(operations.map(({ text }) => `${text}\n`).join(""), {});
  }

  readonly #checks = new Map<string, RulesCheck>();

  private constructor(
    readonly text: string,
    readonly options: LogRulesOptions,
    /** Path of the file, for messages. */
    readonly file?: string,
  ) {}

  /** The same rules, run otherwise. */
  with(options: LogRulesOptions): LogRules {
    return new LogRules(this.text, { ...this.options, ...options }, this.file);
  }

  /** @param outputs names that the text may use; any name will do where they are not given */
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
