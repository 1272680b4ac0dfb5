/**
 * The other side of `AppRunner`: a process that has loaded what every app loads, and waits for the order to run one. It
 * runs one app once, like `node FILE`, so that no module of an earlier run remains.
 */
import Module, { createRequire } from "node:module";
import { join } from "node:path";

/** This file, to start the process. */
export const WARM_FILE = __filename;

/** The order for the process. */
export interface WarmOrder {
  /** The app's file. */
  readonly file: string;
  /** The folder to synthesize into. */
  readonly outdir: string;
}

/** Modules that nearly every app imports, and that are slow to load. */
const LOADED_AHEAD = ["cdktf", "constructs", "cdktf-tencent-logs", "cdktf-tencent-logs/tencentcloud"];

function waitForOrder(): void {
  const require = createRequire(join(process.cwd(), "app.js"));
  for (const name of LOADED_AHEAD) {
    try {
      require(name);
    } catch {
      // The app may not need it; otherwise its own import reports the error.
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
