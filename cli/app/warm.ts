/**
 * The other side of `AppRunner`: a process that has loaded what every app loads, and waits to be told to run one. It runs one
 * app once, as `node FILE` would, so that no module of an earlier run is left in it.
 */
import Module, { createRequire } from "node:module";
import { join } from "node:path";

/** This file, for whoever starts the process. */
export const WARM_FILE = __filename;

/** What the process is told. */
export interface WarmOrder {
  /** The app's file. */
  readonly file: string;
  /** Where it synthesizes to. */
  readonly outdir: string;
}

/** What nearly every app imports, and what takes long to load. */
const LOADED_AHEAD = ["cdktf", "constructs", "cdktf-tencent-logs", "cdktf-tencent-logs/tencentcloud"];

function waitForOrder(): void {
  const require = createRequire(join(process.cwd(), "app.js"));
  for (const name of LOADED_AHEAD) {
    try {
      require(name);
    } catch {
      // The app may do without it; where it does not, its own import says what is wrong.
    }
  }
  const orphaned = (): never => process.exit(1);
  process.once("disconnect", orphaned);
  process.once("message", ({ file, outdir }: WarmOrder) => {
    process.off("disconnect", orphaned);
    process.disconnect();
    process.env.CDKTF_OUTDIR = outdir;
    process.argv = [process.argv[0], file];
    (Module as unknown as { runMain(): void }).runMain();
  });
  process.send?.("ready");
}

if (require.main === module) waitForOrder();
