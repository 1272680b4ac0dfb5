import { join } from "node:path";
import { build } from "esbuild";

/** What runs in a browser: the script and the styles of `tencent-logs graph --html`, and those of the live page. */
const ENTRIES = ["file.ts", "file.css", "page.tsx", "page.css"];

/** Bundles them into `dist/page`. Nothing in them asks for anything but the files that lie there. */
export async function bundlePage(root) {
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((name) => join("page", name)),
    outdir: "dist/page",
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome109", "firefox115", "safari16"],
    tsconfig: join(root, "page/tsconfig.json"),
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
}
