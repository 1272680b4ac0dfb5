import { join } from "node:path";
import { build } from "esbuild";
import { noticesOf } from "./notices.mjs";

/** What runs in a browser: the script and the styles of `tencent-logs graph --html`, and those of the live page. */
const ENTRIES = ["file.ts", "file.css", "page.tsx", "page.css"];

/**
 * Bundles them into `dist/page`. Nothing in them asks for anything but the files that lie there. Returns the notices of what
 * others have written of them.
 */
export async function bundlePage(root) {
  const notices = [];
  for (const name of ENTRIES) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [join("page", name)],
      outdir: "dist/page",
      bundle: true,
      minify: true,
      metafile: true,
      format: "iife",
      target: ["chrome109", "firefox115", "safari16"],
      tsconfig: join(root, "page/tsconfig.json"),
      charset: "utf8",
      // What they say stands in the notices.
      legalComments: "none",
      logLevel: "warning",
    });
    notices.push(...noticesOf(root, metafile));
  }
  return notices;
}
