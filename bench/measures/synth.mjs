import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const ENTRY = join(dirname(fileURLToPath(import.meta.url)), "../../examples/own-processor/enrich.ts");
const PIPELINES = 100;

/** Synthesizes a stack of a hundred pipelines with user code, as its user waits for it, including loading. */
export default {
  name: "100 pipelines",
  ours: () => () => synthesize(() => undefined),
  rivals: [{ name: "a bundling each", open: bundling }],
};

/** The usual solution, without a cache of bundles. */
function bundling() {
  return () => {
    const esbuild = require("esbuild");
    const options = { bundle: true, platform: "node", format: "cjs", target: "node18", minify: true, write: false };
    return synthesize(() => esbuild.buildSync({ ...options, metafile: true, entryPoints: [ENTRY] }));
  };
}

function synthesize(bundleAgain) {
  const { App, TerraformStack } = require("cdktf");
  const { ClsStreamPipeline, CosOutput, LogBucket, LogProcessor, LogTopic } = require("../../dist/lib/index.js");
  const { TencentcloudProvider } = require("../../dist/lib/tencentcloud.js");
  const outdir = mkdtempSync(join(tmpdir(), "bench-synth-"));
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
  const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
  for (let n = 0; n < PIPELINES; n++) {
    if (n > 0) bundleAgain();
    new ClsStreamPipeline(stack, `Stream${n}`, {
      topic: new LogTopic(stack, `Topic${n}`, { topicName: `topic-${n}` }),
      bucket,
      processor: LogProcessor.fromEntry(ENTRY),
      outputs: { records: new CosOutput(bucket, { prefix: `records/${n}/` }) },
    });
  }
  app.synth();
  rmSync(outdir, { recursive: true });
  return `${PIPELINES} pipelines`;
}
