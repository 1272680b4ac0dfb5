import { join } from "node:path";
import { build } from "esbuild";
import { noticesOf } from "./notices.mjs";

/** Code for browsers: the script and the styles of `tencent-logs graph --html`, and those of the live page. */
const ENTRIES = ["file.ts", "file.css", "page.tsx", "page.css"];

/** Bundles them into `dist/page`. They only request files in that folder. Returns the third-party notices. */
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
      // Their content is in the notices.
      legalComments: "none",
      logLevel: "warning",
    });
    notices.push(...noticesOf(root, metafile));
  }
  return notices;
}
