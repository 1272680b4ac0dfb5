import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Output of an example's synth. */
export interface Synthesized {
  readonly plan: string;
  /** The functions' code, ordered by name. */
  readonly zips: readonly Buffer[];
}

interface Plan {
  readonly "//": unknown;
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
}

/** Synthesizes a built example in a separate folder, as `npx cdktf synth` would. */
export async function synthesize(example: string, folder: string): Promise<Synthesized> {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, "cdktf.out");
  await promisify(execFile)(process.execPath, [join(__dirname, "../../../dist/examples", example, "main.js")], {
    cwd: folder,
    // Synth needs only Node: terraform is not on the path.
    env: { ...process.env, PATH: folder, CDKTF_OUTDIR: output },
  });
  const stack = join(output, "stacks/logs");
  const zips = readdirSync(stack, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".zip"));
  if (zips.length === 0) throw new Error("a zip must be made, got none");
  return {
    plan: readFileSync(join(stack, "cdk.tf.json"), "utf8"),
    zips: zips.sort().map((zip) => readFileSync(join(stack, zip))),
  };
}

/** A plan without the framework's metadata and the state's path, which contain the folder. */
export function withoutPaths(plan: string): string {
  const parsed = JSON.parse(plan) as Plan;
  const { path } = parsed.terraform.backend.local;
  return plan
    .replace(JSON.stringify(path), '"state"')
    .replace(JSON.stringify(parsed["//"], null, 2).replace(/\n/g, "\n  "), "metadata");
}
