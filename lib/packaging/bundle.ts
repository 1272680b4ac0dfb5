import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ownNames } from "./built-files";
import { flag, freeText, knownAtSynth, listOf, mapOf, text } from "../props/kinds";
import { isPlainObject, refuseType, type OptionalProp, type PropTable } from "../props/prop";
import type { ZipContents } from "./zip";

/** How code is bundled. */
export interface BundleOptions {
  /**
   * Target of the syntax that esbuild generates.
   * @default "node18", the runtime in SCF
   */
  readonly target?: string;
  /**
   * Whether the bundle is minified.
   * @default true
   */
  readonly minify?: boolean;
  /**
   * Whether to add a source map, so that stack traces in the function's log refer to your source lines. The map
   * contains your sources, and loading it adds a few milliseconds per MB to a cold start.
   * @default false
   */
  readonly sourceMap?: boolean;
  /**
   * Modules to leave out of the bundle because the runtime provides them.
   * @default Node's own modules
   */
  readonly external?: readonly string[];
  /**
   * Names to replace with expressions: `{ "process.env.STAGE": '"prod"' }`.
   * @default none
   */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * Text to insert before the code.
   * @default none
   */
  readonly banner?: string;
  /**
   * Further options of esbuild's `buildSync`. They override all other options of this object. Options that determine
   * what is bundled and under which name are refused: `entryPoints`, `entryNames`, `outfile`, `outdir`,
   * `absWorkingDir`, `format`, `write` and `metafile`.
   * @default none
   */
  readonly esbuildOptions?: Readonly<Record<string, unknown>>;
}

/** Options of esbuild, which checks them itself. */
const esbuildOptions: OptionalProp<Readonly<Record<string, unknown>>> = {
  read(given, path, checks) {
    if (isPlainObject(given)) return given;
    refuseType(checks, path, "must be an object", given, "write esbuild's options by their names");
    return undefined;
  },
};

export const BUNDLE_OPTIONS: PropTable<BundleOptions> = {
  target: knownAtSynth(text),
  minify: knownAtSynth(flag),
  sourceMap: knownAtSynth(flag),
  external: listOf(knownAtSynth(text)),
  define: mapOf(knownAtSynth(freeText), "name each name that is replaced"),
  banner: knownAtSynth(freeText),
  esbuildOptions,
};

/** A bundle and its contents. */
export interface Bundle {
  /**
   * The code, `processor.js` or `index.js`. It is accompanied by a `.map` if requested, by files that it refers to, and
   * by a `.LEGAL.txt` if bundled packages contain license comments.
   */
  readonly files: ZipContents;
  /** Size of the code in bytes, uncompressed. */
  readonly bytes: number;
  /** Bytes that each source file contributes, by its path relative to the entry's folder. */
  readonly inputs: Readonly<Record<string, number>>;
}

/** What the code is bundled for. */
export interface BundleUse {
  /** The file that is loaded. */
  readonly code: string;
  /** The required export, and how to write it. */
  readonly exported: { readonly name: string; readonly what: string; readonly remedy: string };
  /** Names that other files of the bundle must not have. */
  readonly taken: () => readonly string[];
  /** The method that accepts code bundled by other means. */
  readonly instead: string;
}

/** The code that a pipeline's handler loads. */
export const PROCESSOR_CODE: BundleUse = {
  code: "processor.js",
  exported: {
    name: "default",
    what: "a default export",
    remedy: "write export default defineProcessor({ record })",
  },
  taken: ownNames,
  instead: "LogProcessor.fromZip",
};

/** Thrown when user code cannot be bundled. */
export class BundleError extends Error {
  /** Always `BundleError`. Use it to identify the error. */
  override readonly name = "BundleError";

  constructor(
    /** Stable identifier, listed in docs/errors.md. */
    readonly code: "LOGS_ENTRY" | "LOGS_ESBUILD_MISSING" | "LOGS_BUNDLE",
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${message} (${code})`, options);
  }
}

/** If it is set to any value, no code is bundled, which makes unit tests of stacks faster. */
const SKIP_BUNDLING = "TENCENT_LOGS_SKIP_BUNDLING";

const ENTRY_EXTENSIONS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** The file of an entry, relative to the folder where the app runs. The extension can be left out. */
export function entryFile(entry: string): string {
  const path = resolve(entry);
  const file = ENTRY_EXTENSIONS.map((extension) => path + extension).find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
  if (file !== undefined) return file;
  throw new BundleError("LOGS_ENTRY", `entry must be a file, got nothing at ${path}; correct the path`);
}

/**
 * Bundles of this process, by file and options. Options are compared by value, a regular expression by its source, and
 * a function by identity.
 */
const known = new Map<string, { readonly options: unknown; readonly made: Bundle }[]>();

/** Bundles a file, once per process for the same file, use and options. The bytes are the same on any machine. */
export function bundle(file: string, options: BundleOptions, use: BundleUse = PROCESSOR_CODE): Bundle {
  if (process.env[SKIP_BUNDLING]) return skipped(use);
  const key = `${use.code}\n${file}`;
  const bundles = known.get(key) ?? [];
  known.set(key, bundles);
  const same = bundles.find((other) => isDeepStrictEqual(other.options, options));
  if (same !== undefined) return same.made;
  const made = build(file, options, use);
  bundles.push({ options: copyOf(options), made });
  return made;
}

/** A copy of the options, because the caller can change the object later. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item)]));
}

function skipped({ code }: BundleUse): Bundle {
  const text = `throw new Error("${code} was not bundled; synthesize without ${SKIP_BUNDLING}");\n`;
  return { files: { [code]: text }, bytes: text.length, inputs: {} };
}

/** The part of esbuild that is used. It is an optional peer, so users may not have its types. */
interface Esbuild {
  buildSync(options: object): {
    readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
    readonly metafile: {
      readonly outputs: Readonly<
        Record<
          string,
          {
            readonly exports: readonly string[];
            readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
          }
        >
      >;
      readonly inputs: Readonly<Record<string, { readonly format?: "cjs" | "esm" }>>;
    };
  };
}

function build(file: string, options: BundleOptions, use: BundleUse): Bundle {
  const { code } = use;
  const esbuild = loadEsbuild();
  const { banner, define, esbuildOptions, external, minify = true, sourceMap = false, target = "node18" } = options;
  // Paths in the output are relative to the entry's folder, so that they do not depend on the machine.
  const folder = dirname(file);
  const fixed = {
    absWorkingDir: folder,
    entryPoints: [file],
    entryNames: undefined,
    outfile: code,
    outdir: undefined,
    format: "cjs",
    write: false,
    metafile: true,
  };
  refuseOverrides(fixed, esbuildOptions, use);
  try {
    const given = {
      bundle: true,
      platform: "node",
      target,
      minify,
      sourcemap: sourceMap,
      external,
      define,
      banner: banner === undefined ? undefined : { js: banner },
      // License comments go to a separate file, if there are any.
      legalComments: "external",
      charset: "utf8",
      logLevel: "silent",
      ...esbuildOptions,
      ...fixed,
    };
    const { metafile, outputFiles } = esbuild.buildSync(given);
    refuseNoExport(esbuild, given, metafile.inputs[relative(folder, file).split(sep).join("/")]?.format, use);
    const files = Object.fromEntries(
      outputFiles.map(({ path, contents }) => [relative(folder, path).split(sep).join("/"), contents]),
    );
    const inputs = Object.entries(metafile.outputs[code].inputs).map(([path, input]) => [path, input.bytesInOutput]);
    refuseTakenNames(files, use);
    return { files, bytes: files[code].length, inputs: Object.fromEntries(inputs) as Bundle["inputs"] };
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    const { message } = cause as Error;
    const isOption = /option in build\(\) call|" must be an? /.test(message);
    const [path, remedy] = isOption ? ["esbuildOptions", "correct them"] : ["entry", "correct the code"];
    throw new BundleError("LOGS_BUNDLE", `${path} must bundle, got ${message}; ${remedy}`, { cause });
  }
}

/** The handler relies on what is bundled and under which name: overriding it would deploy a function that fails. */
function refuseOverrides(
  fixed: Readonly<Record<string, unknown>>,
  overrides: BundleOptions["esbuildOptions"],
  { code, instead }: BundleUse,
): void {
  for (const [name, value] of Object.entries(fixed)) {
    const given = overrides?.[name];
    if (given === undefined || isDeepStrictEqual(given, value)) continue;
    throw new BundleError(
      "LOGS_BUNDLE",
      `esbuildOptions.${name} must be left out, got ${JSON.stringify(given)}; the handler loads ${code} as CommonJS, ` +
        `bundle yourself and use ${instead} for anything else`,
    );
  }
}

/**
 * The code is loaded for one export. The exports of a CommonJS module are not known; for others, esbuild lists the
 * exports, but only if it generates ES modules.
 */
function refuseNoExport(esbuild: Esbuild, given: object, format: "cjs" | "esm" | undefined, use: BundleUse): void {
  if (format === "cjs") return;
  const { metafile } = esbuild.buildSync({ ...given, bundle: false, external: undefined, format: "esm" });
  const { exports } = metafile.outputs[use.code];
  const { name, remedy, what } = use.exported;
  if (exports.includes(name)) return;
  throw new BundleError("LOGS_ENTRY", `entry must have ${what}, got ${exports.join(", ") || "no export"}; ${remedy}`);
}

/** Files of esbuild's loaders can have any name, and would overwrite one of ours. */
function refuseTakenNames(files: ZipContents, use: BundleUse): void {
  const taken = use.taken().find((name) => files[name] !== undefined);
  if (taken === undefined) return;
  throw new BundleError("LOGS_BUNDLE", `entry must bundle without a file ${taken}, got one; give it another name`);
}

function loadEsbuild(): Esbuild {
  try {
    return createRequire(__filename)("esbuild") as Esbuild;
  } catch (cause) {
    throw new BundleError(
      "LOGS_ESBUILD_MISSING",
      `esbuild must be installed to bundle code, got ${(cause as Error).message.split("\n")[0]}; ` +
        `run npm install --save-dev esbuild, or set ${SKIP_BUNDLING}=1 in unit tests`,
      { cause },
    );
  }
}
