import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_APP_ID, LOCAL_UIN, type Account } from "./account";
import { Cam } from "./cam/cam";
import { Cls } from "./cls/cls";
import { ClsServer } from "./cls/server";
import type { ShipTask } from "./cls/shipper";
import type { Topic } from "./cls/topic";
import { SimulatedClock } from "./clock";
import type { Bucket } from "./cos/bucket";
import { Cos } from "./cos/cos";
import { CosServer } from "./cos/server";
import { DiskStorage, MemoryStorage } from "./cos/storage";
import { deployPlan } from "./deploy/deploy";
import { LoopbackServer } from "./http/server";
import { readStack, type StackPlan } from "./plan/stack";
import { Scf, type Invocation } from "./scf/scf";

/** How a local cloud is made. */
export interface LocalCloudOptions {
  /** Folder of the synthesized stack, `cdktf.out/stacks/<name>`. */
  readonly stackFolder: string;
  /**
   * Folder for functions' code and for objects.
   * @default a temporary folder for code, removed at the end, and memory for objects
   */
  readonly workFolder?: string;
  /** Region of resources whose provider names none. @default "ap-guangzhou" */
  readonly region?: string;
  /** APPID of the account. @default the one in the plan's bucket names, else 1250000000 */
  readonly appId?: string;
  /** Time of the services. @default a clock that starts at a fixed time */
  readonly clock?: SimulatedClock;
  /** Whether the account starts with `CLS_QcsRole` and `SCF_QcsRole`. @default true */
  readonly accountRoles?: boolean;
  /** Most instances of a function at a time. @default 2 */
  readonly maxInstances?: number;
  /** The Node binary that functions run with. @default the one that runs this */
  readonly node?: string;
}

/**
 * COS, CLS, SCF and CAM on loopback, in the state that a synthesized stack describes. What it runs is the plan and the
 * zips, as the cloud would; it knows nothing of the constructs that made them.
 */
export class LocalCloud {
  private constructor(
    readonly account: Account,
    readonly clock: SimulatedClock,
    readonly cam: Cam,
    readonly cos: Cos,
    readonly cls: Cls,
    private readonly scf: Scf,
    private readonly server: LoopbackServer,
    /** Addresses of resources that were left out, since no log passes through them. */
    readonly ignored: readonly string[],
    private readonly cleanUp: () => void,
  ) {}

  /** Deploys a stack and starts the services. Throws what the cloud would refuse, with the resource's address. */
  static async deploy(options: LocalCloudOptions): Promise<LocalCloud> {
    const plan = readStack(options.stackFolder);
    const account = { appId: options.appId ?? appIdOf(plan) ?? DEFAULT_APP_ID, uin: LOCAL_UIN };
    const clock = options.clock ?? new SimulatedClock();
    const workFolder = options.workFolder ?? mkdtempSync(join(tmpdir(), "local-cloud-"));
    const cleanUp = (): void => {
      if (options.workFolder === undefined) rmSync(workFolder, { recursive: true, force: true });
    };

    const cam = new Cam(account, options.accountRoles ?? true);
    const storage = options.workFolder === undefined ? new MemoryStorage() : new DiskStorage(join(workFolder, "cos"));
    const cos = new Cos(account, cam, clock, storage);
    const cls = new Cls({ cam, cos, clock });
    const server = await LoopbackServer.start([new CosServer(cos), new ClsServer(cls, cam, account)]);
    const scf = new Scf({
      account,
      cam,
      clock,
      folder: join(workFolder, "scf"),
      node: options.node ?? process.execPath,
      maxInstances: options.maxInstances ?? 2,
      endpoint: () => server.url,
    });
    cos.onEvent((event) => scf.deliver(event));
    try {
      const services = { account, cam, cos, cls, scf };
      const { ignored } = await deployPlan(plan, services, options.region ?? "ap-guangzhou");
      return new LocalCloud(account, clock, cam, cos, cls, scf, server, ignored, cleanUp);
    } catch (error) {
      await server.close();
      cleanUp();
      throw error;
    }
  }

  /** Address of all services: the value of `COS_ENDPOINT` and `CLS_ENDPOINT`. Clients keep the real `Host` header. */
  get endpoint(): string {
    return this.server.url;
  }

  /** Invocations that have ended, retries included, in the order of their end. */
  get invocations(): readonly Invocation[] {
    return this.scf.invocations;
  }

  /** Calls the listener at the end of every invocation. */
  onInvocation(listener: (invocation: Invocation) => void): void {
    this.scf.onInvocation(listener);
  }

  /** What the shippers have stored, or failed to store. */
  get shipTasks(): readonly ShipTask[] {
    return this.cls.shipTasks;
  }

  /** The topic of that name or id. Throws where there is none. */
  topic(nameOrId: string): Topic {
    const topic = this.cls.topic(nameOrId);
    if (!topic) throw new Error(`topic must exist, got "${nameOrId}"`);
    return topic;
  }

  /** The bucket of that name, with its APPID. Throws where there is none. */
  bucket(name: string): Bucket {
    const bucket = this.cos.bucket(name);
    if (!bucket) throw new Error(`bucket must exist, got "${name}"`);
    return bucket;
  }

  /**
   * Resolves when no event is queued or running. An event that failed is retried: the simulated clock is advanced to the
   * retry where nothing else is left to do.
   */
  settled(): Promise<void> {
    return this.scf.settled();
  }

  /** Ends functions and servers, and removes what was temporary. */
  async close(): Promise<void> {
    await this.scf.close();
    await this.server.close();
    this.cleanUp();
  }
}

/** The APPID that the plan was written for: its first literal bucket name tells. */
function appIdOf(plan: StackPlan): string | undefined {
  const names = plan.resources.map((resource) => resource.arguments.bucket);
  return names.map((name) => /^[a-z0-9-]+-(\d{10})$/.exec(String(name))?.[1]).find((appId) => appId !== undefined);
}
