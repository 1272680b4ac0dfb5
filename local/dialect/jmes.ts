import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RowFailure, type Value } from "./values";

/** The exports of the built JMESPath library, which uses the same values. */
interface JmesLibrary {
  compile(expression: string): (value: Value) => Value | undefined;
}

let library: JmesLibrary | undefined;

/** The selection of a JMESPath expression; null if there is none. */
export function select(expression: string, value: Value): Value {
  library ??= load();
  try {
    return library.compile(expression)(value) ?? null;
  } catch (error) {
    throw new RowFailure(`jmes must be JMESPath, got ${expression}: ${(error as Error).message}`);
  }
}

/** The library as deployed with functions: the local cloud has none of its own. */
function load(): JmesLibrary {
  const file = join(packageRoot(), "dist/parts/rules-jmes.js");
  if (existsSync(file)) return createRequire(__filename)(file) as JmesLibrary;
  throw new Error(`JMESPath must be built, got no ${file}; run npm run build`);
}

function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
