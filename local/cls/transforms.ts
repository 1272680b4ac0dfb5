import { randomUUID } from "node:crypto";
import type { SimulatedClock } from "../clock";
import { Program } from "../dialect/program";
import { DialectError } from "../dialect/syntax";
import { Refusal } from "../refusal";
import type { Cls } from "./cls";
import type { Topic } from "./topic";
import { TransformTask, type TransformSpec } from "./transform-task";

/** A task of CLS's own data processing, which processes a topic's records into other topics. */
export interface Transform {
  readonly id: string;
  readonly source: Topic;
  readonly spec: TransformSpec;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Runs it, and counts its work. */
  readonly task: TransformTask;
}

/** Defaults of a task in the API. */
export function defaultDetails(now: number): object {
  return {
    DataTransformType: 0,
    ProcessFromTimestamp: Math.floor(now / 1000),
    ProcessToTimestamp: null,
    BackupGiveUpData: false,
    HasServicesLog: 1,
    KeepFailureLog: 1,
    FailureLogKey: "",
    EnvInfos: [],
  };
}

/**
 * The data processing of all topics: records of a topic are processed into others, in the language that CLS documents.
 * Refusals are thrown as {@link Refusal}.
 */
export class Transforms {
  private readonly transforms = new Map<string, Transform>();

  constructor(
    private readonly cls: Cls,
    private readonly clock: SimulatedClock,
  ) {}

  /** Creates a task and returns its id. */
  create(topicId: string, spec: TransformSpec): string {
    const source = this.cls.topicOf(topicId);
    this.refuseName(spec.name, source.region);
    this.check(source, spec);
    const id = randomUUID();
    const now = this.clock.now();
    const task = new TransformTask(source, this.cls, this.clock);
    task.start(spec);
    this.transforms.set(id, { id, source, spec, createdAt: now, modifiedAt: now, task });
    return id;
  }

  modify(id: string, spec: TransformSpec): void {
    const transform = this.transform(id);
    if (spec.name !== transform.spec.name) this.refuseName(spec.name, transform.source.region);
    this.check(transform.source, spec);
    transform.task.start(spec);
    this.transforms.set(id, { ...transform, spec, modifiedAt: this.clock.now() });
  }

  delete(id: string): void {
    this.transform(id).task.stop();
    this.transforms.delete(id);
  }

  /** The task with that id. Throws if there is none, or not in that region. */
  transform(id: string, region?: string): Transform {
    const transform = this.transforms.get(id);
    if (transform && (region === undefined || transform.source.region === region)) return transform;
    throw new Refusal("InvalidParameter.DataFromTaskNotExist", `data transform must exist, got "${id}"`);
  }

  all(): readonly Transform[] {
    return [...this.transforms.values()];
  }

  /** Whether a task reads from or writes to the topic. */
  uses(topicId: string): boolean {
    return this.all().some(
      ({ source, spec }) => source.id === topicId || spec.targets.some((target) => target.topicId === topicId),
    );
  }

  private check(source: Topic, { routing, content, targets }: TransformSpec): void {
    checkContent(content);
    if (routing === "dynamic" && !/\blog_auto_output\s*\(/.test(content)) {
      throw invalidContent("must call log_auto_output, got no call of it");
    }
    if (routing === "fixed" && targets.length === 0) {
      throw new Refusal("MissingParameter", "DstResources must be given where FuncType is 1");
    }
    for (const { topicId } of targets) {
      const { region, name } = this.cls.topicOf(topicId);
      if (region !== source.region) {
        throw new Refusal("InvalidParameter", `target topics must be of ${source.region}, got one of ${region}`);
      }
      if (this.leadsTo(source.id, topicId)) {
        throw new Refusal("InvalidParameter", `target topics must not lead back to their source, got "${name}"`);
      }
    }
    const aliases = targets.map(({ alias }) => alias);
    if (new Set(aliases).size < aliases.length) {
      throw new Refusal("InvalidParameter", `aliases must be one of their own each, got ${aliases.join(", ")}`);
    }
    for (const [, alias = ""] of content.matchAll(/\blog_output\s*\(\s*["']([^"']*)["']/g)) {
      if (!aliases.includes(alias))
        throw invalidContent(`must name aliases of DstResources, got log_output("${alias}")`);
    }
  }

  /** Whether existing tasks lead from one topic to another. */
  private leadsTo(goal: string, from: string, seen = new Set<string>()): boolean {
    if (from === goal) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    const next = this.all().flatMap(({ source, spec }) => (source.id === from ? spec.targets : []));
    return next.some(({ topicId }) => this.leadsTo(goal, topicId, seen));
  }

  private refuseName(name: string, region: string): void {
    if (!this.all().some(({ source, spec }) => spec.name === name && source.region === region)) return;
    const message = `data transform name must be free, got "${name}", which exists`;
    throw new Refusal("InvalidParameter.DataFromTaskConflict", message);
  }
}

function checkContent(content: string): void {
  try {
    new Program(content);
  } catch (error) {
    if (error instanceof DialectError) throw invalidContent(`must be statements of CLS, got ${error.message}`);
    throw error;
  }
}

function invalidContent(rule: string): Refusal {
  return new Refusal("InvalidParameter.InvalidEtlContent", `EtlContent ${rule}`);
}
