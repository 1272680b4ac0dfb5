import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ApiServer } from "./api/server";
import { DEFAULT_APP_ID, LOCAL_UIN, type Account } from "./account";
import { Cam } from "./cam/cam";
import { Alarms } from "./cls/alarms";
import { Dashboards } from "./cls/dashboards";
import { Cls } from "./cls/cls";
import { Deliveries } from "./cls/deliveries";
import { ClsServer } from "./cls/server";
import type { ShipTask } from "./cls/shipper";
import type { Topic } from "./cls/topic";
import { Transforms } from "./cls/transforms";
import { SimulatedClock } from "./clock";
import type { Bucket } from "./cos/bucket";
import { Cos } from "./cos/cos";
import { CosServer } from "./cos/server";
import { DiskStorage, MemoryStorage } from "./cos/storage";
import { StackDeployment, type ResourceChange } from "./deploy/deploy";
import { LoopbackServer } from "./http/server";
import { inventory } from "./inventory";
import { readStack, type StackPlan } from "./plan/stack";
import type { PlanObject } from "./plan/value";
import { FunctionLogs, type FunctionLogOptions } from "./scf/function-log";
import type { CloudFunction } from "./scf/function";
import type { Invocation, InvocationRequest, Throttling } from "./scf/invocation";
import { Scf, type RunObserver } from "./scf/scf";
import { UrlServer } from "./scf/url-server";
import type { Services } from "./services";
import { Tags } from "./tags";

/** Options of an empty local cloud. */
export interface CloudOptions {
  /**
   * Folder for functions' code and for objects.
   * @default a temporary folder for code, removed at the end; objects are in memory
   */
  readonly workFolder?: string;
  /** APPID of the account. @default 1250000000 */
  readonly appId?: string;
  /** Time of the services. @default a clock that starts at a fixed time */
  readonly clock?: SimulatedClock;
  /** Whether the account starts with `CLS_QcsRole` and `SCF_QcsRole`. @default true */
  readonly accountRoles?: boolean;
  /** Maximum concurrent instances of a function. @default 2 */
  readonly maxInstances?: number;
  /** The Node binary that runs functions. @default that of this process */
  readonly node?: string;
  /**
   * The time of JavaScript functions at the start of an invocation: the machine's, or the clock's, which is then also
   * accepted in signatures.
   * @default "machine"
   */
  readonly functionTime?: "machine" | "clock";
  /**
   * The time that determines whether a signature is valid. Use `clock` with a clock that is minutes ahead or behind to
   * test a machine with a wrong clock.
   * @default "machine"
   */
  readonly signatureTime?: "machine" | "clock";
  /** How function logs reach their topics. @default immediately and unchanged */
  readonly functionLog?: FunctionLogOptions;
}

/** Options of a local cloud with a deployed stack. */
export interface LocalCloudOptions extends CloudOptions {
  /** Folder of the synthesized stack, `cdktf.out/stacks/<name>`. */
  readonly stackFolder: string;
  /** Region of resources whose provider has none. @default "ap-guangzhou" */
  readonly region?: string;
  /** APPID of the account. @default the one in the plan's bucket names, else 1250000000 */
  readonly appId?: string;
  /** Values of the plan's variables, by name. @default the variables' defaults */
  readonly variables?: Readonly<Record<string, string>>;
}

/** An invocation of a function by its name. */
export interface CloudInvocation extends InvocationRequest {
  readonly functionName: string;
  readonly namespace: string;
  /** @default the region of the only function of that name */
  readonly region?: string;
}

const DEFAULT_REGION = "ap-guangzhou";

/**
 * COS, CLS, SCF and CAM on loopback. A synthesized stack is deployed into it, or Terraform does that through the API.
 * It then runs the plan and the zips, as the cloud does. It does not depend on the constructs.
 */
export class LocalCloud {
  /** Deployments by stack name. */
  private readonly stacks = new Map<string, StackDeployment>();
  /** Resources of the new account. */
  private readonly initial: readonly string[];

  private constructor(
    private readonly services: Services,
    private readonly server: LoopbackServer,
    private readonly cleanUp: () => void,
  ) {
    this.initial = inventory(services);
  }

  /** The APPID that stacks were written for; undefined if none of their buckets shows it. */
  static appIdIn(folders: readonly string[]): string | undefined {
    return folders.map((folder) => appIdOf(readStack(folder))).find((appId) => appId !== undefined);
  }

  /** Starts the services of an empty account, for Terraform to deploy into: see {@link terraformEnvironment}. */
  static async start(options: CloudOptions = {}): Promise<LocalCloud> {
    const account = { appId: options.appId ?? DEFAULT_APP_ID, uin: LOCAL_UIN };
    const clock = options.clock ?? new SimulatedClock();
    const workFolder = options.workFolder ?? mkdtempSync(join(tmpdir(), "local-cloud-"));
    const cleanUp = (): void => {
      if (options.workFolder === undefined) rmSync(workFolder, { recursive: true, force: true });
    };

    const cam = new Cam(account, options.accountRoles ?? true, clock);
    if (options.functionTime === "clock") cam.signatureTimes = () => [Date.now(), clock.now()];
    if (options.signatureTime === "clock") cam.signatureTimes = () => [clock.now()];
    const storage = options.workFolder === undefined ? new MemoryStorage() : new DiskStorage(join(workFolder, "cos"));
    const cos = new Cos(account, cam, clock, storage);
    const cls = new Cls({ cam, cos, clock });
    const scf = new Scf({
      account,
      cam,
      clock,
      folder: join(workFolder, "scf"),
      node: options.node ?? process.execPath,
      time: options.functionTime,
      maxInstances: options.maxInstances ?? 2,
      endpoint: () => server.url,
      logs: new FunctionLogs(cls, options.functionLog),
    });
    cos.onEvent((event) => scf.raise(event));
    const services = {
      account,
      clock,
      cam,
      cos,
      cls,
      scf,
      deliveries: new Deliveries(cls, scf, clock),
      transforms: new Transforms(cls, clock),
      alarms: new Alarms(clock),
      dashboards: new Dashboards(clock),
      tags: new Tags(),
    };
    const server = await LoopbackServer.start([
      new CosServer(cos),
      new ClsServer(cls, cam, account, clock),
      new ApiServer(services),
      new UrlServer(scf, cam, account),
    ]);
    return new LocalCloud(services, server, cleanUp);
  }

  /**
   * Deploys a stack and starts the services. Resources are created in the regions of their providers. Throws what the
   * cloud would refuse, with the resource's address.
   */
  static async deploy(options: LocalCloudOptions): Promise<LocalCloud> {
    const plan = readStack(options.stackFolder);
    const cloud = await LocalCloud.start({ ...options, appId: options.appId ?? appIdOf(plan) });
    try {
      await cloud.add(plan, options);
      return cloud;
    } catch (error) {
      await cloud.close();
      throw error;
    }
  }

  /**
   * Deploys an additional stack, or another plan of an existing one: differences are created, changed or removed, and
   * everything else stays with its records and objects. Returns the changes. Throws as {@link deploy} does; changes
   * until then stay.
   */
  deployBeside(options: Pick<LocalCloudOptions, "stackFolder" | "region" | "variables">): Promise<ResourceChange[]> {
    return this.add(readStack(options.stackFolder), options);
  }

  /** Removes everything that a stack created. */
  async removeStack(name: string): Promise<ResourceChange[]> {
    const changes = (await this.stacks.get(name)?.remove()) ?? [];
    this.stacks.delete(name);
    return changes;
  }

  /** Names of the stacks that are deployed. */
  get stackNames(): readonly string[] {
    return [...this.stacks.keys()];
  }

  /** The stack of that name. Throws if there is none. */
  stack(name: string): StackDeployment {
    const stack = this.stacks.get(name);
    if (stack) return stack;
    throw new Error(`stack must be deployed, got "${name}"`);
  }

  /** Addresses of resources that were left out of stacks, because they are irrelevant for logs. */
  get ignored(): readonly string[] {
    return [...this.stacks.values()].flatMap(({ ignored }) => ignored);
  }

  get account(): Account {
    return this.services.account;
  }

  get clock(): SimulatedClock {
    return this.services.clock;
  }

  get cam(): Cam {
    return this.services.cam;
  }

  get cos(): Cos {
    return this.services.cos;
  }

  get cls(): Cls {
    return this.services.cls;
  }

  get scf(): Scf {
    return this.services.scf;
  }

  /** Which topics CLS delivers to which functions. */
  get deliveries(): Deliveries {
    return this.services.deliveries;
  }

  /** CLS's own data processing: which topics' records are sent to which others. */
  get transforms(): Transforms {
    return this.services.transforms;
  }

  /** What was created since the account was new, each as a kind and a name. */
  inventory(): string[] {
    return inventory(this.services).filter((name) => !this.initial.includes(name));
  }

  /** Address of all services: the value of `COS_ENDPOINT` and `CLS_ENDPOINT`. Clients send the real `Host` header. */
  get endpoint(): string {
    return this.server.url;
  }

  /** Completed invocations, including retries, in order of completion. */
  get invocations(): readonly Invocation[] {
    return this.services.scf.invocations;
  }

  /** Events that were throttled: status 432. They are retried a minute later on the simulated clock. */
  get throttlings(): readonly Throttling[] {
    return this.services.scf.throttlings;
  }

  /** Calls the listener at the end of every invocation. */
  onInvocation(listener: (invocation: Invocation) => void): void {
    this.services.scf.onInvocation(listener);
  }

  /** Notifies the observer when functions start to run, and of each line that they write. */
  observeRuns(observer: RunObserver): void {
    this.services.scf.observe(observer);
  }

  /** URLs of functions by function name; if several functions have the same name, that of the last. */
  get functionUrls(): Readonly<Record<string, string>> {
    const { scf } = this.services;
    const urls = scf.allFunctions().flatMap((target) => scf.urls.of(target));
    return Object.fromEntries(urls.map((url) => [url.target.spec.name, scf.urls.address(url)]));
  }

  /** The environment variables of a function, by its name. Throws if there is none of that name. */
  variablesOf(functionName: string): Readonly<Record<string, string>> {
    const found = this.services.scf.allFunctions().find(({ spec }) => spec.name === functionName);
    if (!found) throw new Error(`function must exist, got "${functionName}"`);
    return found.spec.environment;
  }

  /** Values of the outputs of all stacks, by name; if several have the same name, that of the last. */
  get outputs(): Readonly<PlanObject> {
    return Object.assign({}, ...[...this.stacks.values()].map(({ outputs }) => outputs)) as PlanObject;
  }

  /** All functions, in order of creation. */
  get functions(): readonly CloudFunction[] {
    return this.services.scf.allFunctions();
  }

  /** The regions that contain functions of these names. */
  regionsOf(functionNames: readonly string[]): readonly string[] {
    const found = this.services.scf.allFunctions().filter(({ spec }) => functionNames.includes(spec.name));
    return [...new Set(found.map(({ spec }) => spec.region))];
  }

  /** Invokes a function, as the API does. Throws if there is none of that name, or several and no region is given. */
  async invoke(wanted: CloudInvocation): Promise<{ requestId: string; ended?: Invocation }> {
    const { functionName: name, namespace, region, ...request } = wanted;
    const { scf } = this.services;
    const regions = scf.allFunctions().flatMap(({ spec }) => {
      return spec.name === name && spec.namespace === namespace ? [spec.region] : [];
    });
    if (region === undefined && regions.length > 1) {
      throw new Error(`region must be given for a function that stands in ${regions.join(", ")}, got "${name}"`);
    }
    return scf.invoke(scf.function({ region: region ?? regions[0] ?? DEFAULT_REGION, namespace, name }), request);
  }

  /** Files that the shippers have stored, or failed to store. */
  get shipTasks(): readonly ShipTask[] {
    return this.services.cls.shipTasks;
  }

  /** The topic with that name or id. Throws if there is none. */
  topic(nameOrId: string): Topic {
    const topic = this.cls.topic(nameOrId);
    if (!topic) throw new Error(`topic must exist, got "${nameOrId}"`);
    return topic;
  }

  /** The bucket with that name, including its APPID. Throws if there is none. */
  bucket(name: string): Bucket {
    const bucket = this.cos.bucket(name);
    if (!bucket) throw new Error(`bucket must exist, got "${name}"`);
    return bucket;
  }

  /**
   * Resolves when no event is queued or running. Failed events are retried: if nothing else is left to do, the
   * simulated clock is advanced to the retry.
   */
  settled(): Promise<void> {
    return this.services.scf.settled();
  }

  private add(
    plan: StackPlan,
    { region = DEFAULT_REGION, variables = {} }: Pick<LocalCloudOptions, "region" | "variables">,
  ): Promise<ResourceChange[]> {
    const name = basename(plan.folder);
    const stack = this.stacks.get(name) ?? new StackDeployment(this.services);
    this.stacks.set(name, stack);
    const outputsOf = (other: string) => this.stacks.get(other)?.outputs;
    return stack.apply(plan, { region, variables, outputsOf });
  }

  /** Stops functions and servers, and removes temporary files. */
  async close(): Promise<void> {
    await this.services.scf.close();
    await this.server.close();
    this.cleanUp();
  }
}

/** The APPID that the plan was written for, from its first literal bucket name, which trigger names also contain. */
function appIdOf(plan: StackPlan): string | undefined {
  const of = (name: "bucket" | "trigger_name") => plan.resources.map((resource) => resource.arguments[name]);
  const names = [...of("bucket"), ...of("trigger_name")];
  return names
    .map((name) => /^[a-z0-9-]+-(\d{10})(?:$|\.cos\.)/.exec(String(name))?.[1])
    .find((appId) => appId !== undefined);
}
