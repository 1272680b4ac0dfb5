import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** A command to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Longest that it may take. @default five minutes */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5 * 60 * 1000;

/** Runs a command to its end. */
export function run({ program, args, cwd, env, timeoutMs = TIMEOUT_MS }: Command): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, output }));
  });
}

/** Runs a command that must succeed. Throws with all that it wrote. */
export async function runToSuccess(command: Command): Promise<string> {
  const { status, stdout, output } = await run(command);
  if (status === 0) return stdout;
  throw new Error(`${command.program} ${command.args.join(" ")} must succeed, got exit status ${status}:\n${output}`);
}

/** This process's variables without those that lead the provider to an account, or Terraform elsewhere. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(TENCENTCLOUD_|TF_VAR_|TF_CLI_ARGS|TERRAFORM_BINARY_NAME$)/.test(name),
  );
  const kept = Object.fromEntries(entries);
  // Terraform would warn about a file that is not there at every command.
  if (kept.TF_CLI_CONFIG_FILE !== undefined && !existsSync(kept.TF_CLI_CONFIG_FILE)) delete kept.TF_CLI_CONFIG_FILE;
  return { ...kept, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0", NO_COLOR: "1" };
}
