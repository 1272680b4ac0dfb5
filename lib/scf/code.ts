import { readFileSync } from "node:fs";
import type { HandlerName } from "../../functions/settings";
import { addFileAsset } from "../packaging/assets";
import { refuse } from "../errors";
import type { Construct } from "../framework";
import { builtFile, NOTICES, noticesFor } from "../packaging/built-files";
import { zip, type ZipContents } from "../packaging/zip";

/** The handlers that come with the package. */
export type PrebuiltHandler = HandlerName;

/** Code of a function: a zip that stands in the stack's folder under a path that holds its content's hash. */
export class FunctionCode {
  /** One of the package's own handlers, with files beside it where it takes some. */
  static prebuilt(handler: PrebuiltHandler, beside: ZipContents = {}): FunctionCode {
    const files = (): ZipContents => {
      const code = { ...beside, "index.js": builtFile(`handlers/${handler}/index.js`) };
      const notices = noticesFor(Object.keys(code));
      return notices === undefined ? code : { ...code, [NOTICES]: notices };
    };
    return new FunctionCode(() => zip(files()), handler);
  }

  /** Files given as text or bytes. */
  static fromFiles(files: ZipContents): FunctionCode {
    return new FunctionCode(() => zip(files));
  }

  /** A zip that something else made; taken as it is. */
  static fromZip(path: string): FunctionCode {
    return new FunctionCode(() => readFileSync(path));
  }

  private constructor(
    private readonly bytes: () => Uint8Array,
    /** The handler of the package that it is: it takes settings, and leaves notes of what it cannot deliver. */
    readonly handler?: PrebuiltHandler,
  ) {}

  /** Adds the zip to the stack's assets; returns its path, relative to the stack's folder. */
  bind(scope: Construct): string {
    const bytes = this.bytes();
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
