import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../functions/runtime/checked-json";
import { UsageError } from "../../terminal/user-error";

/** How to run the user's app. */
export interface App {
  /** The project's folder, the working directory of the command. */
  readonly folder: string;
  /** A shell command, such as `npx tsx main.ts`. */
  readonly command: string;
  /** Additional environment variables of the app. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The app of a project, as `cdktf` runs it: `app` and `context` in cdktf.json. Throws {@link UsageError}.
 *
 * @param command replaces that of cdktf.json
 */
export function readApp(folder: string, command?: string): App {
  const file = join(folder, "cdktf.json");
  if (!existsSync(file)) {
    if (command !== undefined) return { folder, command, environment: {} };
    throw new UsageError(`cdktf.json must exist in ${folder}, got none; change to the project's folder, or pass --app`);
  }
  const { app, context } = configurationIn(file);
  const wanted = command ?? app;
  if (typeof wanted !== "string" || wanted.trim() === "") {
    throw new UsageError(`app in ${file} must be a command, such as "npx tsx main.ts", got ${JSON.stringify(app)}`);
  }
  const environment: Record<string, string> =
    context === undefined ? {} : { CDKTF_CONTEXT_JSON: JSON.stringify(context) };
  return { folder, command: wanted, environment };
}

function configurationIn(file: string): Record<string, unknown> {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
    if (isObject(value)) return value;
  } catch (error) {
    throw new UsageError(`${file} must be JSON, got ${(error as Error).message}`);
  }
  throw new UsageError(`${file} must hold an object, got something else`);
}
