import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HANDLERS, type HandlerName } from "../../functions/settings";
import { addFileAsset } from "../packaging/assets";
import { Checks, refuse, shown } from "../errors";
import { isToken, type Construct } from "../framework";
import { builtFile, NOTICES, noticesFor } from "../packaging/built-files";
import { bundle, BUNDLE_OPTIONS, entryFile, type BundleOptions, type BundleUse } from "../packaging/bundle";
import { readDirectory } from "../packaging/directory";
import { isZip, type ZipContents } from "../packaging/zip";
import { instance, knownAtSynth, listOf, oneOf, text, textThat } from "../props/kinds";
import { isPlainObject, readArgument, readProps, type PropTable } from "../props/prop";
import { handlerFiles, sourceOfFiles, sourceOfZip, type CodeSource } from "./code-source";

/** Names of the handlers that are part of the package. */
export type PrebuiltHandler = HandlerName;

/** Options of {@link FunctionCode.fromDirectory}. */
export interface DirectoryCodeOptions {
  /**
   * File and export that SCF calls. The file must be in the folder.
   * @default "index.main_handler"
   */
  readonly handler?: string;
  /**
   * Files to leave out: names at any depth (`*.test.js`), or paths relative to the folder (`docs/**`). A folder is left
   * out with its contents. `.git`, `.DS_Store`, `Thumbs.db`, `__pycache__` and `*.pyc` are always left out.
   * @default nothing else
   */
  readonly exclude?: readonly string[];
}

/** The handler in SCF's form: a file and its export. */
export const handlerProp = textThat(
  /^[A-Za-z][A-Za-z0-9_:.-]{0,58}[A-Za-z0-9:.]$/,
  "must name a file and an export in 2 to 60 characters, like index.main_handler",
  "leave it out for index.main_handler",
  "LOGS_HANDLER",
);

const DIRECTORY: PropTable<DirectoryCodeOptions> = {
  handler: knownAtSynth(handlerProp),
  exclude: listOf(knownAtSynth(text)),
};

/** Id of the zip below a function. */
export const CODE_ID = "Code";

/** File and export that SCF calls by default. */
export const DEFAULT_HANDLER = "index.main_handler";

/** How the entry of a function of the user is bundled. */
const FUNCTION_CODE: BundleUse = {
  code: "index.js",
  exported: {
    name: "main_handler",
    what: "an export main_handler",
    remedy: "write export async function main_handler(event, context)",
  },
  taken: () => [],
  instead: "FunctionCode.fromDirectory",
};

/** How a function uses its code. */
export interface CodeUse {
  /** The user's handler. */
  readonly handler: string;
  readonly runtime: string;
  /** Files to add, and the prop that requires them. */
  readonly beside?: { readonly files: ZipContents; readonly prop: string };
}

/** Code of a function. It is a zip in the stack's folder, under a path that contains the hash of its content. */
export class FunctionCode {
  /**
   * One of the package's own handlers, with additional files if it needs any.
   * @throws LogsError if the package has no handler of that name
   */
  static prebuilt(handler: PrebuiltHandler, beside: ZipContents = {}): FunctionCode {
    const kind = oneOf(Object.keys(HANDLERS), "use one of the package's handlers", "LOGS_CODE_HANDLER");
    readArgument(new Checks("FunctionCode.prebuilt"), "handler", kind, handler);
    const files = (): ZipContents => {
      const code = { ...beside, "index.js": builtFile(`handlers/${handler}/index.js`) };
      const notices = noticesFor(Object.keys(code));
      return notices === undefined ? code : { ...code, [NOTICES]: notices };
    };
    return new FunctionCode(() => sourceOf(files()), { prebuilt: handler });
  }

  /**
   * Files given as strings or bytes, by name.
   * @throws LogsError if there are no files, or one is neither a string nor bytes
   */
  static fromFiles(files: ZipContents): FunctionCode {
    const known = checkedFiles(files);
    return new FunctionCode(() => sourceOf(known));
  }

  /**
   * An existing zip, used unchanged.
   *
   * @param path path of the zip, relative to the folder where the app runs
   * @throws LogsError if `path` is not a string; a missing zip is an error when a function uses the code
   */
  static fromZip(path: string): FunctionCode {
    readArgument(new Checks("FunctionCode.fromZip"), "path", text, path);
    return new FunctionCode((scope) => sourceOfZip(readZip(scope, path)));
  }

  /**
   * All files of a folder, unchanged, for Node.js or Python; installed dependencies are included. The zip is identical
   * on any machine with the same files.
   *
   * @param path path of the folder, relative to the folder where the app runs
   * @throws LogsError if an option is not valid; an unreadable folder is an error when a function uses the code
   */
  static fromDirectory(path: string, options: DirectoryCodeOptions = {}): FunctionCode {
    const checks = new Checks("FunctionCode.fromDirectory");
    const folder = resolve(readArgument(checks, "path", knownAtSynth(text), path));
    const { exclude = [], handler = DEFAULT_HANDLER } = readProps(checks, DIRECTORY, options);
    checks.throwIfAny();
    return new FunctionCode((scope) => sourceOfFiles(readFolder(scope, folder, exclude)), { handler });
  }

  /**
   * Your own module that exports `main_handler`, in TypeScript or JavaScript, for Node.js. It is bundled as `index.js`
   * with esbuild, once per process and input. Install esbuild yourself (`npm install --save-dev esbuild`). To skip
   * bundling in unit tests, set `TENCENT_LOGS_SKIP_BUNDLING=1` in the environment.
   *
   * @param entry path of the module, relative to the folder where the app runs; the extension can be left out
   * @throws BundleError if the module cannot be bundled
   */
  static fromEntry(entry: string, options: BundleOptions = {}): FunctionCode {
    const checks = new Checks("FunctionCode.fromEntry");
    const file = entryFile(readArgument(checks, "entry", knownAtSynth(text), entry));
    readProps(checks, BUNDLE_OPTIONS, options);
    checks.throwIfAny();
    return new FunctionCode(() => sourceOf(bundle(file, options, FUNCTION_CODE).files), { handler: DEFAULT_HANDLER });
  }

  /**
   * The package's handler that this code runs, if it is one. Such a handler needs settings, and leaves notes about what
   * it cannot deliver.
   */
  readonly handler?: PrebuiltHandler;
  /** File and export that SCF calls, if the code determines it. */
  readonly mainHandler?: string;

  private constructor(
    private readonly source: (scope: Construct) => CodeSource,
    { handler, prebuilt }: { readonly handler?: string; readonly prebuilt?: PrebuiltHandler } = {},
  ) {
    this.handler = prebuilt;
    this.mainHandler = handler;
  }

  /** Adds the zip to the stack's assets. Returns its path, relative to the stack's folder. */
  bind(scope: Construct, use?: CodeUse): string {
    const source = this.source(scope);
    if (use && (use.beside || this.mainHandler !== undefined)) refuseNoHandler(scope, source, use);
    if (use?.beside) refuseClash(scope, source, use.beside);
    const bytes = source.pack(use?.beside?.files ?? {});
    // SCF's API accepts 50 MB when a function is created, but only 20 MB when its code is updated. Fact:
    // docs/design/facts/provider.md#code-package.
    if (bytes.length > 20 * 1024 * 1024) {
      refuse(
        scope,
        "LOGS_CODE_SIZE",
        `code must be a zip of at most 20 MB, got ${bytes.length} bytes; make it smaller`,
      );
    }
    return addFileAsset(scope, CODE_ID, "function.zip", bytes);
  }
}

/** The prop `code` of functions. */
export const codeProp = instance<FunctionCode>(
  "a function's code",
  "use FunctionCode.fromDirectory, fromEntry, fromFiles, fromZip or prebuilt",
  { others: ["bind"] },
);

function sourceOf(contents: ZipContents): CodeSource {
  return sourceOfFiles({ contents, executables: new Set() });
}

/** Refuses, at synth, what SCF would only report at the first event. */
function refuseNoHandler(scope: Construct, { names }: CodeSource, { beside, handler, runtime }: CodeUse): void {
  const wanted = isToken(handler) || isToken(runtime) ? undefined : handlerFiles(handler, runtime);
  if (names === undefined && beside) {
    refuse(
      scope,
      "LOGS_CODE_ZIP",
      `code must be a zip that ${beside.prop} can add a file to, got one of another format; zip the files anew`,
    );
  }
  if (wanted === undefined || names === undefined || wanted.some((name) => names.includes(name))) return;
  refuse(
    scope,
    "LOGS_HANDLER_FILE",
    `handler must name a file of the code (${wanted.join(" or ")}), got ${JSON.stringify(handler)} for ` +
      `${listed(names)}; correct handler, or put the file at the code's top`,
  );
}

/** Refuses files whose names our files would overwrite. */
function refuseClash(
  scope: Construct,
  { names = [] }: CodeSource,
  { files, prop }: NonNullable<CodeUse["beside"]>,
): void {
  const taken = Object.keys(files).find((name) => names.includes(name));
  if (taken === undefined) return;
  refuse(
    scope,
    "LOGS_CODE_NAME",
    `code must hold no ${taken} beside ${prop}, which adds a file of that name, got one; rename it, or leave ${prop} out`,
  );
}

const MOST_LISTED = 8;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function checkedFiles(files: ZipContents): ZipContents {
  const checks = new Checks("FunctionCode.fromFiles");
  const isContent = (content: unknown): boolean => typeof content === "string" || content instanceof Uint8Array;
  const wrong = isPlainObject(files) ? Object.keys(files).filter((name) => !isContent(files[name])) : [];
  checks
    .that(
      isPlainObject(files) && Object.keys(files).length > 0,
      "LOGS_CODE_FILES",
      () => `files must be texts or bytes by name, got ${shown(files)}; write { "index.js": "..." }`,
    )
    .that(
      wrong.length === 0,
      "LOGS_CODE_FILES",
      () => `files.${wrong[0]} must be a text or bytes, got ${shown(files[wrong[0]])}; read the file first`,
    )
    .throwIfAny();
  return files;
}

function readFolder(scope: Construct, folder: string, exclude: readonly string[]): ReturnType<typeof readDirectory> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    refuse(
      scope,
      "LOGS_CODE_DIRECTORY",
      `code must be a folder that can be read, got none at ${folder}; correct the path`,
    );
  }
  const files = readDirectory(folder, exclude);
  if (Object.keys(files.contents).length === 0) {
    refuse(
      scope,
      "LOGS_CODE_DIRECTORY",
      `code must hold files, got none of ${folder}; correct the path, or exclude less`,
    );
  }
  return files;
}

function readZip(scope: Construct, path: string): Uint8Array {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    refuse(scope, "LOGS_CODE_ZIP", `code must be a zip that can be read, got no file at ${file}; correct the path`);
  }
  const bytes = readFileSync(file);
  if (isZip(bytes)) return bytes;
  return refuse(scope, "LOGS_CODE_ZIP", `code must be a zip, got something else at ${file}; zip the files first`);
}
