import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { Testing, type TerraformStack } from "../../../lib/framework";

interface Plan {
  readonly resource: { readonly tencentcloud_scf_function: Readonly<Record<string, { readonly zip_file: string }>> };
}

/** The files in the zip of a stack's only function. */
export function filesOf(stack: TerraformStack): Record<string, Uint8Array> {
  const plan = JSON.parse(Testing.synth(stack)) as Plan;
  const [{ zip_file: path }] = Object.values(plan.resource.tencentcloud_scf_function);
  const folder = Testing.fullSynth(stack);
  try {
    return unzipSync(readFileSync(join(folder, "stacks", stack.node.id, path)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
