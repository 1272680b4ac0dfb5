import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HANDLERS, type HandlerName } from "../../functions/settings";
import { addFileAsset } from "../packaging/assets";
import { Checks, refuse, shown } from "../errors";
import type { Construct } from "../framework";
import { builtFile, NOTICES, noticesFor } from "../packaging/built-files";
import { isZip, zip, type ZipContents } from "../packaging/zip";
import { instance, oneOf, text } from "../props/kinds";
import { isPlainObject, readArgument } from "../props/prop";

/** The handlers that come with the package. */
export type PrebuiltHandler = HandlerName;

/** Code of a function: a zip that stands in the stack's folder under a path that holds its content's hash. */
export class FunctionCode {
  /** One of the package's own handlers, with files beside it where it takes some. */
  static prebuilt(handler: PrebuiltHandler, beside: ZipContents = {}): FunctionCode {
    const kind = oneOf(Object.keys(HANDLERS), "use one of the package's handlers", "LOGS_CODE_HANDLER");
    readArgument(new Checks("FunctionCode.prebuilt"), "handler", kind, handler);
    const files = (): ZipContents => {
      const code = { ...beside, "index.js": builtFile(`handlers/${handler}/index.js`) };
      const notices = noticesFor(Object.keys(code));
      return notices === undefined ? code : { ...code, [NOTICES]: notices };
    };
    return new FunctionCode(() => zip(files()), handler);
  }

  /** Files given as text or bytes. */
  static fromFiles(files: ZipContents): FunctionCode {
    const known = checkedFiles(files);
    return new FunctionCode(() => zip(known));
  }

  /** A zip that something else made; taken as it is. */
  static fromZip(path: string): FunctionCode {
    readArgument(new Checks("FunctionCode.fromZip"), "path", text, path);
    return new FunctionCode((scope) => readZip(scope, path));
  }

  private constructor(
    private readonly bytes: (scope: Construct) => Uint8Array,
    /** The handler of the package that it is: it takes settings, and leaves notes of what it cannot deliver. */
    readonly handler?: PrebuiltHandler,
  ) {}

  /** Adds the zip to the stack's assets; returns its path, relative to the stack's folder. */
  bind(scope: Construct): string {
    const bytes = this.bytes(scope);
    // SCF's API takes 50 MB when a function is made, but 20 MB when its code is updated.
    // Fact: docs/design/facts/provider.md#code-package.
    if (bytes.length > 20 * 1024 * 1024) {
      refuse(
        scope,
        "LOGS_CODE_SIZE",
        `code must be a zip of at most 20 MB, got ${bytes.length} bytes; make it smaller`,
      );
    }
    return addFileAsset(scope, "Code", "function.zip", bytes);
  }
}

/** The prop `code` of functions. */
export const codeProp = instance<FunctionCode>("a function's code", "use FunctionCode.fromFiles, fromZip or prebuilt", {
  others: ["bind"],
});

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

function readZip(scope: Construct, path: string): Uint8Array {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    refuse(scope, "LOGS_CODE_ZIP", `code must be a zip that can be read, got no file at ${file}; correct the path`);
  }
  const bytes = readFileSync(file);
  if (isZip(bytes)) return bytes;
  return refuse(scope, "LOGS_CODE_ZIP", `code must be a zip, got something else at ${file}; zip the files first`);
}
