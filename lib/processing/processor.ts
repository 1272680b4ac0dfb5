import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { unzipSync } from "fflate";
import type { ProcessorSettings, RecordCheck } from "../../functions/settings";
import { Checks } from "../errors";
import { isZip, type ZipContents } from "../packaging/zip";
import { instance, knownAtSynth, oneOf, text } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { rulesProp, type LogRules } from "../rules/log-rules";
import { builtFile, ownNames } from "../packaging/built-files";
import { bundle, BUNDLE_OPTIONS, BundleError, entryFile, type Bundle, type BundleOptions } from "../packaging/bundle";

/** Options of {@link LogProcessor.count}. */
export interface CountOptions {
  /**
   * How a line is recognized as a record. `json` parses it. `shape` looks only at its first and last byte, which is
   * faster but approximate: any text between `{"a":` and `}` counts as a record.
   * @default "json"
   */
  readonly check?: RecordCheck;
}

const COUNT: PropTable<CountOptions> = {
  check: knownAtSynth(oneOf(["json", "shape"], "leave it out for json", "LOGS_PROCESSOR_CHECK")),
};

/** Processes the records of a pipeline in its function. */
export class LogProcessor {
  /**
   * Counts records and invalid lines, in total and per invocation. Records go to the default output unchanged.
   * @throws LogsError if an option is not valid
   */
  static count(options: CountOptions = {}): LogProcessor {
    const checks = new Checks("LogProcessor.count");
    const { check = "json" } = readProps(checks, COUNT, options);
    checks.throwIfAny();
    return new LogProcessor({ type: "count", check });
  }

  /**
   * Runs your own code: a module whose default export is `defineProcessor({ record, end })` from
   * `cdktf-tencent-logs/processor`. It is bundled with esbuild, once per process and input. Install esbuild yourself
   * (`npm install --save-dev esbuild`). To skip bundling in unit tests, set `TENCENT_LOGS_SKIP_BUNDLING=1` in the
   * environment.
   *
   * In the code, `record.get("status")` decodes one value of a record, and `record.fields` decodes all of them. Use
   * `get` if the code looks at a few of many fields and passes the record on unchanged or drops it. It does not help if
   * the code assigns `fields` or reads most of them. It needs no setting.
   *
   * @param entry path of the module, relative to the folder where the app runs; the extension can be left out
   * @throws BundleError if the module cannot be bundled
   */
  static fromEntry(entry: string, options: BundleOptions = {}): LogProcessor {
    const checks = new Checks("LogProcessor.fromEntry");
    const file = entryFile(readArgument(checks, "entry", knownAtSynth(text), entry));
    readProps(checks, BUNDLE_OPTIONS, options);
    checks.throwIfAny();
    return new LogProcessor({ type: "code" }, () => bundle(file, options));
  }

  /**
   * Runs code that is already bundled: a zip with `processor.js` at its top, together with the files that it requires.
   *
   * @param path path of the zip, relative to the folder where the app runs
   */
  static fromZip(path: string): LogProcessor {
    const zip = readArgument(new Checks("LogProcessor.fromZip"), "path", knownAtSynth(text), path);
    return new LogProcessor({ type: "code" }, () => unzip(zip));
  }

  /** Runs a rule text. A pipeline's prop `rules` is a shorthand for it. */
  static rules(rules: LogRules): LogProcessor {
    readArgument(new Checks("LogProcessor.rules"), "rules", rulesProp, rules);
    const { onError = "drop", regexEngine = "linear" } = rules.options;
    return new LogProcessor({ type: "rules", regexEngine, onError }, undefined, rules);
  }

  private constructor(
    /** The handler's settings of the processor. */
    readonly settings: ProcessorSettings,
    private readonly makeBundle?: () => Bundle,
    /** The rule text, if created by {@link LogProcessor.rules}. */
    readonly rules?: LogRules,
  ) {}

  /**
   * The bundled code with its size and inputs; undefined for processors without code.
   * @throws BundleError if the code cannot be bundled
   */
  get bundle(): Bundle | undefined {
    return this.makeBundle?.();
  }

  /** The files that the processor adds to the zip. */
  get files(): ZipContents {
    return this.filesFor(undefined);
  }

  /**
   * Like `files`, without a second check of rules that were checked for these outputs. @param outputs names of the
   * outputs
   */
  filesFor(outputs: readonly string[] | undefined): ZipContents {
    return this.rules ? ruleFiles(this.rules, outputs) : (this.bundle?.files ?? {});
  }
}

/** The rule text, the engine, and the libraries that the text needs. */
function ruleFiles(rules: LogRules, outputs: readonly string[] | undefined): ZipContents {
  const parts = ["rules.js", ...rules.check(outputs).parts];
  return { "rules.sls": rules.text, ...Object.fromEntries(parts.map((name) => [name, builtFile(`parts/${name}`)])) };
}

/** The prop `processor` of pipelines. */
export const processorProp = instance<LogProcessor>("a LogProcessor", "use LogProcessor.fromEntry, count or rules", {
  others: ["settings", "filesFor"],
});

function zipAt(file: string): Uint8Array {
  const bytes = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
  if (bytes !== undefined && isZip(bytes)) return bytes;
  const got = bytes === undefined ? "no file" : "something else";
  throw new BundleError("LOGS_ENTRY", `path must be that of a zip, got ${got} at ${file}; correct the path`);
}

function unzip(path: string): Bundle {
  const files = unzipSync(zipAt(resolve(path)), { filter: ({ name }) => !name.endsWith("/") });
  const code = files["processor.js"];
  const taken = ownNames().find((name) => files[name] !== undefined);
  if (code === undefined || taken !== undefined) {
    throw new BundleError(
      "LOGS_ENTRY",
      `zip must hold processor.js at its top and no ${taken ?? "index.js"}, got ${Object.keys(files).join(", ")}; ` +
        `name your bundle processor.js, and what it requires otherwise than our files`,
    );
  }
  const inputs = Object.entries(files).map(([name, content]) => [name, content.length] as const);
  return { files, bytes: code.length, inputs: Object.fromEntries(inputs) };
}
