import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { LocalCloud, PlanError, SimulatedClock, type Source, stackFolders } from "../../local";
import { type AppError, type AppRunner } from "../app/runner";
import { feedObject, feedObjects, findSource } from "../local/feed-source";
import { variablesOf } from "../local/run-log";
import { callFunction, feedTopic, replayNote, topicsNamed } from "./commands";
import type { Change, DevEvent, DevSource, Happening } from "./events";
import { EventHub } from "./hub";
import { Observer } from "./observer";
import { Passing } from "./passing";
import { resourcesOf } from "./resources";
import { Webhooks } from "./webhooks";

/** Options of a session. */
export interface SessionOptions {
  readonly runner: AppRunner;
  /** Folder for the synthesized output, and for the cloud. */
  readonly folder: string;
  /** Names of the stacks to deploy; empty for all. */
  readonly stacks: readonly string[];
  /** Whether each change starts with an empty cloud. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** A cloud with its observers. */
interface Deployed {
  readonly cloud: LocalCloud;
  readonly observer: Observer;
  readonly passing: Passing;
}

/**
 * An app on a local cloud: runs the app, deploys its stacks, and repeats that at each change, so that differences are
 * applied and everything else stays with its records and objects. It reports what happens as events. Close it after
 * use.
 */
export class DevSession implements DevSource {
  readonly #hub = new EventHub();
  readonly #options: SessionOptions;
  readonly #webhooks: Webhooks;
  #deployed: Deployed | undefined;
  #runs = 0;
  /** Number of times that lines were fed into a bucket. */
  #fed = 0;
  #outdir: string | undefined;

  private constructor(options: SessionOptions, hub: EventHub, webhooks: Webhooks) {
    this.#options = options;
    this.#hub = hub;
    this.#webhooks = webhooks;
  }

  static async start(options: SessionOptions): Promise<DevSession> {
    const hub = new EventHub();
    return new DevSession(options, hub, await Webhooks.start((happening) => hub.tell(happening)));
  }

  get firstSeq(): number {
    return this.#hub.firstSeq;
  }

  subscribe(listener: (event: DevEvent) => void, after?: number): () => void {
    return this.#hub.subscribe(listener, after);
  }

  tell(happening: Happening): void {
    this.#hub.tell(happening);
  }

  /** The cloud, once something is deployed. */
  get cloud(): LocalCloud | undefined {
    return this.#deployed?.cloud;
  }

  /**
   * Runs the app and deploys its output. Resolves to whether that succeeded; a failure is reported, and deployed
   * resources stay.
   *
   * @param changed files that caused it
   * @param since when their change was detected, by `performance.now()`
   */
  async update(changed: readonly string[], since: number): Promise<boolean> {
    const { folder, runner, signal } = this.#options;
    const outdir = join(folder, `cdktf.out-${++this.#runs}`);
    this.#hub.tell({ type: "synthesizing", changed });
    const started = performance.now();
    const msSince = (time: number): number => Math.round(performance.now() - time);
    try {
      const output = await runner.run(outdir, signal);
      const folders = this.#chosen(stackFolders(outdir));
      const stacks = folders.map((one) => basename(one));
      this.#hub.tell({ type: "synthesized", stacks, ms: msSince(started), ...(output !== "" && { output }) });
      await this.#deploy(folders, since);
      if (this.#outdir !== undefined) rmSync(this.#outdir, { recursive: true, force: true });
      this.#outdir = outdir;
      return true;
    } catch (error) {
      signal.throwIfAborted();
      const { message, name } = error as AppError;
      if (name === "AppError") this.#hub.tell({ type: "synth-failed", message, ms: msSince(started) });
      else if (error instanceof PlanError) this.#hub.tell({ type: "deploy-failed", message });
      else throw error;
      return false;
    } finally {
      // Not earlier, because it would take CPU time from what the user is waiting for.
      if (!signal.aborted) runner.warmUp();
    }
  }

  /** Feeds lines into a topic, or as an object into the bucket of that name that a function reads. */
  async feed(topic: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const { cloud, observer, passing } = this.#required();
    const source = sourceOf(cloud, topic);
    if (source) {
      const all: string[] = [];
      for await (const line of lines) all.push(line);
      await feedObjects(source, all, () => undefined, `lines-${++this.#fed}`);
      return passing.passed();
    }
    await feedTopic(cloud, topic, lines, async (topicId, upload) => {
      observer.fedTopicId = topicId;
      await upload().finally(() => (observer.fedTopicId = undefined));
    });
    await passing.passed();
  }

  /**
   * Stores a file unchanged in the bucket of that name, where a function reads it; false if there is no such bucket.
   */
  async put(name: string, file: string): Promise<boolean> {
    const { cloud, passing } = this.#required();
    const source = sourceOf(cloud, name);
    if (!source) return false;
    await feedObject(source, file, () => undefined);
    await passing.passed();
    return true;
  }

  async replay(note: { readonly bucket: string; readonly key: string }): Promise<void> {
    const { cloud, passing } = this.#required();
    await replayNote(cloud, note);
    await passing.passed();
  }

  async call(functionName: string, event: unknown): Promise<void> {
    const { cloud, passing } = this.#required();
    await callFunction(cloud, functionName, event);
    await passing.passed();
  }

  async close(): Promise<void> {
    await this.#options.runner.close();
    await this.#closeCloud();
    await this.#webhooks.close();
  }

  #required(): Deployed {
    if (this.#deployed) return this.#deployed;
    throw new PlanError("a stack must be deployed first, got none; fix what failed");
  }

  #chosen(folders: readonly string[]): readonly string[] {
    const { stacks } = this.#options;
    const missing = stacks.find((name) => !folders.some((folder) => basename(folder) === name));
    if (missing !== undefined) {
      const names = folders.map((folder) => basename(folder)).join(", ");
      throw new PlanError(`STACK must be one of ${names}, got "${missing}"`);
    }
    return stacks.length === 0 ? folders : folders.filter((folder) => stacks.includes(basename(folder)));
  }

  async #deploy(folders: readonly string[], since: number): Promise<void> {
    const started = performance.now();
    if (this.#options.fresh) await this.#closeCloud();
    this.#deployed ??= await this.#startCloud(folders);
    const { cloud, observer } = this.#deployed;
    const names = folders.map((folder) => basename(folder));
    const changes: Change[] = [];
    for (const stack of cloud.stackNames.filter((name) => !names.includes(name))) {
      changes.push(...(await cloud.removeStack(stack)).map((change) => ({ stack, ...change })));
    }
    const given = variablesOf(process.env);
    for (const stackFolder of folders) {
      const variables = { ...this.#webhooks.addressesFor(stackFolder, given), ...given };
      const done = await cloud.deployBeside({ stackFolder, variables });
      changes.push(...done.map((change) => ({ stack: basename(stackFolder), ...change })));
    }
    observer.watchTopics();
    this.#webhooks.learnFormats(cloud);
    this.#hub.tell({
      type: "deployed",
      ms: Math.round(performance.now() - started),
      sinceChangeMs: Math.round(performance.now() - since),
      stackFolders: folders,
      changes,
      resources: resourcesOf(cloud),
      ignored: cloud.ignored,
      urls: cloud.functionUrls,
    });
  }

  async #startCloud(folders: readonly string[]): Promise<Deployed> {
    const clock = new SimulatedClock(Date.now());
    const cloud = await LocalCloud.start({ clock, appId: LocalCloud.appIdIn(folders) });
    const passing = new Passing(cloud);
    const observer = new Observer(cloud, (happening) => {
      if (happening.type === "received") passing.received(happening.topicId);
      this.#hub.tell(happening);
    });
    return { cloud, observer, passing };
  }

  async #closeCloud(): Promise<void> {
    const deployed = this.#deployed;
    this.#deployed = undefined;
    deployed?.passing.close();
    await deployed?.cloud.close();
  }
}

/** A topic with that name takes precedence. */
function sourceOf(cloud: LocalCloud, name: string): Source | undefined {
  return topicsNamed(cloud, name).length > 0 ? undefined : findSource(cloud, name);
}
