import { createRequire } from "node:module";
import { join } from "node:path";
import type { Parts } from "../../rules";
import { textOfThrown } from "./thrown";

/** A file beside the handler in its zip is missing or broken. */
export class PartError extends Error {
  override readonly name: string = "PartError";
  readonly code: string = "LOGS_PART";

  /** @param file its name in the zip */
  constructor(file: string, cause: unknown) {
    const [name, message] = [
      textOfThrown(cause, "name") ?? typeof cause,
      textOfThrown(cause, "message") ?? "no message",
    ];
    const told = `${file} must load, got ${name}: ${message.split("\n")[0]}`;
    super(`${told}; deploy the function through its construct`, { cause });
  }
}

const load = createRequire(__filename);

/**
 * The exports of a file beside the handler. It is only in the zip, and only loaded, if the settings require it. The two are
 * bundled separately, so their contract is structural.
 *
 * @throws {@link PartError} with the fault as its cause
 */
export function loadBeside(file: string, folder = __dirname): unknown {
  try {
    return load(join(folder, file));
  } catch (cause) {
    throw new PartError(file, cause);
  }
}

/** The libraries for rule functions, from a folder with a file `rules-<name>.js` for each part. */
export function rulePartsIn(folder: string): Parts {
  return { load: (name) => loadBeside(`rules-${name}.js`, folder) };
}
