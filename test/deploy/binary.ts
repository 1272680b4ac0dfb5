import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { NotRunError } from "./not-run";

/** Program that plans and applies: Terraform, or OpenTofu where there is none. */
export type BinaryName = "terraform" | "tofu";

/** The first of them that is on the PATH. Throws {@link NotRunError} where neither is. */
export function findBinary(path: string = process.env.PATH ?? ""): BinaryName {
  const names = ["terraform", "tofu"] as const;
  const found = names.find((name) => path.split(delimiter).some((folder) => isProgram(join(folder, name))));
  if (found) return found;
  throw new NotRunError("no terraform and no tofu on the PATH; install either");
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
