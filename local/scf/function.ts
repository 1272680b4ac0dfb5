import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "../account";
import type { Cam, Role } from "../cam/cam";
import { SCF_SERVICE } from "../cam/presets";
import type { SimulatedClock } from "../clock";
import { credentialVariables, handlerContext, processEnvironment } from "./context";
import { checkSpec, type FunctionSpec } from "./function-spec";
import { Refusal } from "../refusal";
import type { LogLine } from "./log";
import { unpack } from "./package";
import { BOOTSTRAPS, type Runtime } from "./process";
import { findPython } from "./python";
import { Worker, type Outcome } from "./worker";

/** Where and how functions run. */
export interface FunctionHost {
  readonly account: Account;
  readonly cam: Cam;
  readonly clock: SimulatedClock;
  /** Folder for code and temporary files. */
  readonly folder: string;
  /** The Node binary that runs functions. */
  readonly node: string;
  /** The time of JavaScript functions at the start of an invocation. @default "machine" */
  readonly time?: "machine" | "clock";
  /** Address of the local services, known once their server runs. */
  endpoint(): string;
}

/** A deployed function: its unpacked code and its warm instances. */
export class CloudFunction {
  readonly id = `lam-${randomBytes(4).toString("hex")}`;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  modifiedAt: number;
  /** Its state in the API. A test can set that SCF failed to create it, and why. */
  state: { readonly status: string; readonly reason?: string } = { status: "Active" };
  private current: FunctionSpec;
  private readonly idle: Worker[] = [];
  private readonly workers = new Set<Worker>();
  /** Instances with an older configuration, which end after their invocation. */
  private readonly outdated = new WeakSet<Worker>();
  private role: Role | undefined;
  private revision = 0;
  private readonly folder: string;

  /** Throws if SCF would refuse to create the function. */
  constructor(
    spec: FunctionSpec,
    private readonly host: FunctionHost,
  ) {
    this.current = spec;
    this.createdAt = host.clock.now();
    this.modifiedAt = this.createdAt;
    this.folder = join(host.folder, spec.region, spec.namespace, spec.name);
    this.role = this.check(spec);
    unpack(spec.zip, this.codeFolder);
    mkdirSync(this.temporaryFolder, { recursive: true });
    writeFileSync(this.bootstrapFile, BOOTSTRAPS[this.runtime.language].source);
  }

  get spec(): FunctionSpec {
    return this.current;
  }

  /** Changes code or configuration. Running invocations continue unchanged; later ones use the change. */
  async configure(spec: FunctionSpec): Promise<void> {
    this.role = this.check(spec);
    if (spec.zip !== this.current.zip) {
      this.revision += 1;
      unpack(spec.zip, this.codeFolder);
    }
    this.current = spec;
    this.modifiedAt = this.host.clock.now();
    for (const worker of this.workers) this.outdated.add(worker);
    await Promise.all(this.idle.splice(0).map((worker) => this.end(worker)));
  }

  /** Runs one invocation, in a warm instance if there is one. */
  async run(event: unknown, requestId: string, onLine: (line: LogLine) => void): Promise<Outcome> {
    const worker = this.idleWorker() ?? this.startWorker();
    const credentials = this.credentials();
    const outcome = await worker.run({
      event,
      context: handlerContext(this.spec, this.host.account, credentials, requestId),
      credentials,
      requestId,
      timeoutSeconds: this.spec.timeoutSeconds,
      aheadMs: this.host.time === "clock" ? this.host.clock.now() - Date.now() : 0,
      onLine,
    });
    if (worker.alive && !this.outdated.has(worker)) this.idle.push(worker);
    else await this.end(worker);
    return outcome;
  }

  /** Stops all instances. */
  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => this.end(worker)));
  }

  private check(spec: FunctionSpec): Role | undefined {
    checkSpec(spec);
    if (runtimeOf(spec, this.host).binary === "") {
      const message = `runtime must be one that the machine runs, got "${spec.runtime}" without python3 on its PATH`;
      throw new Refusal("InvalidParameterValue.Runtime", message);
    }
    return spec.role === undefined ? undefined : this.host.cam.roleFor(SCF_SERVICE, spec.role);
  }

  private async end(worker: Worker): Promise<void> {
    this.workers.delete(worker);
    await worker.kill();
  }

  /** A warm instance; removes those that died while idle. */
  private idleWorker(): Worker | undefined {
    let worker = this.idle.pop();
    for (; worker && !worker.alive; worker = this.idle.pop()) this.workers.delete(worker);
    return worker;
  }

  private startWorker(): Worker {
    const { codeFolder, temporaryFolder, host, spec } = this;
    const machine = { codeFolder, temporaryFolder, endpoint: host.endpoint() };
    const worker = new Worker({
      bootstrapFile: this.bootstrapFile,
      handler: spec.handler,
      codeFolder,
      memoryMb: spec.memoryMb,
      environment: processEnvironment(spec, host.account, this.credentials(), machine),
      runtime: this.runtime,
      time: host.time ?? "machine",
    });
    this.workers.add(worker);
    return worker;
  }

  private credentials(): Record<string, string> {
    return credentialVariables(this.role && this.host.cam.assumeRole(this.role));
  }

  private get codeFolder(): string {
    return join(this.folder, `code-${this.revision}`);
  }

  private get temporaryFolder(): string {
    return join(this.folder, "tmp");
  }

  private get bootstrapFile(): string {
    return join(this.folder, BOOTSTRAPS[this.runtime.language].file);
  }

  private get runtime(): Runtime {
    return runtimeOf(this.spec, this.host);
  }
}

function runtimeOf({ runtime }: FunctionSpec, { node }: FunctionHost): Runtime {
  if (runtime.startsWith("Python")) return { language: "python", binary: findPython() ?? "" };
  return { language: "node", binary: node };
}
