import { join } from "node:path";
import type { Binary } from "./binary";
import { changesOf, type Change, type PlanDocument } from "./changes";
import { cleanEnvironment, run, runToSuccess } from "./process";

/** Runs Terraform in a stack's folder. */
export class Terraform {
  /**
   * @param folder The stack's folder.
   * @param providerEnv Variables that make it find the provider.
   * @param cloudEnv Variables that lead the provider to the local cloud; `init` goes without, it may need the network.
   */
  constructor(
    private readonly binary: Binary,
    private readonly folder: string,
    private readonly providerEnv: Readonly<Record<string, string>>,
    private readonly cloudEnv: Readonly<Record<string, string>>,
  ) {}

  async init(): Promise<void> {
    await runToSuccess(this.command(["init", "-input=false", "-no-color"], this.providerEnv));
  }

  async validate(): Promise<void> {
    await this.run("validate", "-no-color");
  }

  /** Plans, keeps the plan for {@link apply}, and returns what it would change. */
  async plan(): Promise<Change[]> {
    await this.run("plan", "-no-color", `-out=${this.planFile}`);
    const document = JSON.parse(await this.run("show", "-json", this.planFile)) as PlanDocument;
    return changesOf(document);
  }

  /** Applies what was planned last. */
  async apply(): Promise<void> {
    await this.run("apply", "-no-color", this.planFile);
  }

  /** Throws, with the plan, unless there is nothing left to change. */
  async expectNoChanges(): Promise<void> {
    const args = ["plan", "-no-color", "-detailed-exitcode"];
    const { status, output } = await run(this.command(args, { ...this.providerEnv, ...this.cloudEnv }));
    if (status === 0) return;
    const rule = status === 2 ? "a second plan must be empty, got" : `plan must succeed, got exit status ${status}:`;
    throw new Error(`${rule}\n${output}`);
  }

  async destroy(): Promise<void> {
    await this.run("destroy", "-no-color", "-auto-approve");
  }

  /** The schema of the provider as it is installed. */
  async providerSchema(): Promise<unknown> {
    return JSON.parse(await this.run("providers", "schema", "-json"));
  }

  private run(...args: string[]): Promise<string> {
    return runToSuccess(this.command(args, { ...this.providerEnv, ...this.cloudEnv }));
  }

  private command(args: string[], env: Readonly<Record<string, string>>) {
    return { program: this.binary.program, args, cwd: this.folder, env: { ...cleanEnvironment(), ...env } };
  }

  private get planFile(): string {
    return join(this.folder, "deploy-test.tfplan");
  }
}
