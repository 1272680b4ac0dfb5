import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The programs that plan and apply. */
export type BinaryName = "terraform" | "tofu";

/** A program that plans and applies. */
export interface Binary {
  readonly name: BinaryName;
  /** Its file, or its name where it is on the `PATH`. */
  readonly program: string;
}

/** The program that `TERRAFORM_BINARY_NAME` names, as for cdktf, else Terraform on the `PATH`, else OpenTofu there. */
export function findBinary(env: NodeJS.ProcessEnv = process.env): Binary | undefined {
  const named = env.TERRAFORM_BINARY_NAME;
  if (named) return { name: nameOf(named), program: named };
  const names = ["terraform", "tofu"] as const;
  const name = names.find((candidate) => isOnPath(candidate, env.PATH));
  return name && { name, program: name };
}

/** Whether there is a program of that name. */
export function isOnPath(name: string, path: string = process.env.PATH ?? ""): boolean {
  return path.split(delimiter).some((folder) => isProgram(join(folder, name)));
}

/** What a program says that it is. */
function nameOf(program: string): BinaryName {
  try {
    const version = execFileSync(program, ["version"], { encoding: "utf8" });
    return version.startsWith("OpenTofu") ? "tofu" : "terraform";
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`TERRAFORM_BINARY_NAME must name Terraform or OpenTofu, got ${program}: ${message}`);
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
