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
   * How a line is found to be a record. `json` parses it. `shape` looks only at its first and last byte: faster, and
   * approximate, since `{"a":` followed by anything and a `}` counts as a record.
   * @default "json"
   */
  readonly check?: RecordCheck;
}

const COUNT: PropTable<CountOptions> = {
  check: knownAtSynth(oneOf(["json", "shape"], "leave it out for json", "LOGS_PROCESSOR_CHECK")),
};

/** What a pipeline's function does with records. */
export class LogProcessor {
  /** Counts records and invalid lines, in all and for each invocation; records go to the default output as they are. */
  static count(options: CountOptions = {}): LogProcessor {
    const checks = new Checks("LogProcessor.count");
    const { check = "json" } = readProps(checks, COUNT, options);
    checks.throwIfAny();
    return new LogProcessor({ type: "count", check });
  }

  /**
   * Your own code: a module whose default export is a `defineProcessor({ record, end })` of
   * `cdktf-tencent-logs/processor`. It is bundled with esbuild, which you install (`npm install --save-dev esbuild`),
   * once per process and input. `TENCENT_LOGS_SKIP_BUNDLING=1` in the environment skips that, for unit tests.
   *
   * In it, `record.get("status")` makes one value of a record, and `record.fields` all of them. Asking by name pays where
   * the code looks at a few of many fields and passes the record on as it is, or drops it; not where it assigns `fields` or
   * reads most of them. There is nothing to set for it.
   *
   * @param entry its file, relative to the folder where the app runs; the extension may be left out
   * @throws BundleError
   */
  static fromEntry(entry: string, options: BundleOptions = {}): LogProcessor {
    const checks = new Checks("LogProcessor.fromEntry");
    const file = entryFile(readArgument(checks, "entry", knownAtSynth(text), entry));
    readProps(checks, BUNDLE_OPTIONS, options);
    checks.throwIfAny();
    return new LogProcessor({ type: "code" }, () => bundle(file, options));
  }

  /**
   * Code that something else has bundled: a zip with `processor.js` at its top, and what that requires beside it.
   *
   * @param path relative to the folder where the app runs
   */
  static fromZip(path: string): LogProcessor {
    const zip = readArgument(new Checks("LogProcessor.fromZip"), "path", knownAtSynth(text), path);
    return new LogProcessor({ type: "code" }, () => unzip(zip));
  }

  /** A text in the rule language; the prop `rules` of a pipeline is short for it. */
  static rules(rules: LogRules): LogProcessor {
    readArgument(new Checks("LogProcessor.rules"), "rules", rulesProp, rules);
    const { onError = "drop", regexEngine = "linear" } = rules.options;
    return new LogProcessor({ type: "rules", regexEngine, onError }, undefined, rules);
  }

  private constructor(
    /** What the handler is told of it. */
    readonly settings: ProcessorSettings,
    private readonly makeBundle?: () => Bundle,
    /** The rule text, for {@link LogProcessor.rules}. */
    readonly rules?: LogRules,
  ) {}

  /** The code with its size and what it is made of; nothing for processors without code of their own. */
  get bundle(): Bundle | undefined {
    return this.makeBundle?.();
  }

  /** What stands beside the handler in the zip. */
  get files(): ZipContents {
    return this.filesFor(undefined);
  }

  /** The same; rules are not checked again that were checked for these outputs. @param outputs their names */
  filesFor(outputs: readonly string[] | undefined): ZipContents {
    return this.rules ? ruleFiles(this.rules, outputs) : (this.bundle?.files ?? {});
  }
}

/** The text, the engine, and the library groups that the text needs. */
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
