import { randomUUID } from "node:crypto";
import { Refusal } from "../refusal";
import { ConsumerGroups } from "./consumer-groups";
import { ClsFaults } from "./faults";
import { Rates } from "./rates";
import { Searches } from "./search";
import { Shipper, type ShipTask, type ShipperHost, type ShipperSpec } from "./shipper";
import { Topic, type TopicSettings } from "./topic";

/** A group of topics. */
export interface Logset {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
}

/** The state of CLS: logsets, topics, shippers. Refusals are thrown as {@link Refusal}. */
export class Cls {
  private readonly logsets = new Map<string, Logset>();
  private readonly topics = new Map<string, Topic>();
  private readonly shippers = new Map<string, Shipper>();
  private readonly pastTasks: ShipTask[] = [];
  readonly consumerGroups: ConsumerGroups;
  readonly searches: Searches;
  /** Rate limits. */
  readonly rates = new Rates();
  /** Whether the account has activated CLS. If not, the API refuses everything except the query for that. */
  isOpen = true;
  /** Faults set by tests. */
  readonly faults = new ClsFaults();

  private readonly shipListeners: ((shipper: Shipper, task: ShipTask) => void)[] = [];
  private readonly host: ShipperHost;

  constructor(host: ShipperHost) {
    this.host = {
      ...host,
      shipped: (shipper, task) => this.shipListeners.forEach((listener) => listener(shipper, task)),
    };
    this.consumerGroups = new ConsumerGroups(this, host.clock);
    this.searches = new Searches(host.clock);
  }

  /** Creates a logset and returns its id. */
  createLogset(name: string, region: string): string {
    this.refuseLogsetName(name, region);
    const logset = { id: randomUUID(), name, region, createdAt: this.host.clock.now() };
    this.logsets.set(logset.id, logset);
    return logset.id;
  }

  renameLogset(id: string, name: string): void {
    const logset = this.logset(id);
    if (logset.name !== name) this.refuseLogsetName(name, logset.region);
    this.logsets.set(id, { ...logset, name });
  }

  /** Removes a logset; refused while it contains topics. */
  deleteLogset(id: string): void {
    this.logset(id);
    const topic = this.allTopics().find((candidate) => candidate.logsetId === id);
    if (topic)
      throw new Refusal("FailedOperation.LogsetNotEmpty", `the logset must hold no topic, got "${topic.name}"`);
    this.logsets.delete(id);
  }

  allLogsets(): readonly Logset[] {
    return [...this.logsets.values()];
  }

  /** Creates a topic. Throws if its logset does not exist, or already has a topic of that name. */
  createTopic(name: string, logsetId: string, region: string, settings: Partial<TopicSettings> = {}): Topic {
    this.logset(logsetId, region);
    this.refuseTopicName(name, logsetId);
    const topic = new Topic(randomUUID(), name, logsetId, region, this.host.clock, settings);
    this.topics.set(topic.id, topic);
    return topic;
  }

  /** Changes a topic. Throws if another topic of its logset has the new name. */
  modifyTopic(id: string, change: { name?: string; settings: Partial<TopicSettings> }): void {
    const topic = this.topicOf(id);
    if (change.name !== undefined && change.name !== topic.name) {
      this.refuseTopicName(change.name, topic.logsetId);
      topic.name = change.name;
    }
    topic.settings = { ...topic.settings, ...change.settings };
  }

  /** Removes a topic with its index and its shippers. */
  deleteTopic(id: string): void {
    const topic = this.topicOf(id);
    for (const shipper of this.allShippers()) if (shipper.topic === topic) this.deleteShipper(shipper.id);
    this.topics.delete(id);
  }

  allTopics(): readonly Topic[] {
    return [...this.topics.values()];
  }

  /** Creates a shipper and returns its id. Throws if its topic does not exist. */
  createShipper(topicId: string, spec: ShipperSpec): string {
    const topic = this.topics.get(topicId);
    if (!topic) throw new Refusal("ResourceNotFound.TopicNotExist", `topic_id must exist, got "${topicId}"`);
    if (this.allShippers().some((other) => other.topic === topic && other.spec.name === spec.name)) {
      throw new Refusal("InvalidParameter.ShipperConflict", `shipper name must be free, got "${spec.name}"`);
    }
    const shipper = new Shipper(randomUUID(), topic, spec, this.host);
    this.shippers.set(shipper.id, shipper);
    return shipper.id;
  }

  /** Removes a shipper; records that it holds are not shipped. */
  deleteShipper(id: string): void {
    const shipper = this.shipper(id);
    shipper.close();
    this.pastTasks.push(...shipper.tasks);
    this.shippers.delete(id);
  }

  /** The logset with that id. Throws if there is none, or not in that region. */
  logset(id: string, region?: string): Logset {
    const logset = this.logsets.get(id);
    if (logset && isIn(region, logset)) return logset;
    throw new Refusal("ResourceNotFound.LogsetNotExist", `logset must exist, got "${id}"${inRegion(region)}`);
  }

  /** The topic with that id. Throws if there is none, or not in that region. */
  topicOf(id: string, region?: string): Topic {
    const topic = this.topics.get(id);
    if (topic && isIn(region, topic)) return topic;
    throw new Refusal("ResourceNotFound.TopicNotExist", `topic must exist, got "${id}"${inRegion(region)}`);
  }

  /** The shipper with that id. Throws if there is none, or not in that region. */
  shipper(id: string, region?: string): Shipper {
    const shipper = this.shippers.get(id);
    if (shipper && isIn(region, shipper.topic)) return shipper;
    throw new Refusal("ResourceNotFound.ShipperNotExist", `shipper must exist, got "${id}"${inRegion(region)}`);
  }

  /** The topic with that id or name. */
  topic(idOrName: string): Topic | undefined {
    return this.topics.get(idOrName) ?? this.allTopics().find((topic) => topic.name === idOrName);
  }

  /** All shippers, in order of creation. */
  allShippers(): readonly Shipper[] {
    return [...this.shippers.values()];
  }

  /** Calls the listener with each file that is shipped, or fails to be. */
  onShipped(listener: (shipper: Shipper, task: ShipTask) => void): void {
    this.shipListeners.push(listener);
  }

  /** Tasks of all shippers, deleted ones first. */
  get shipTasks(): ShipTask[] {
    return [...this.pastTasks, ...this.allShippers().flatMap((shipper) => shipper.tasks)];
  }

  private refuseLogsetName(name: string, region: string): void {
    if (!this.allLogsets().some((logset) => logset.name === name && logset.region === region)) return;
    throw new Refusal("InvalidParameter.LogsetConflict", `logset name must be free, got "${name}", which exists`);
  }

  private refuseTopicName(name: string, logsetId: string): void {
    if (!this.allTopics().some((topic) => topic.logsetId === logsetId && topic.name === name)) return;
    const message = `topic name must be free in its logset, got "${name}", which exists`;
    throw new Refusal("InvalidParameter.TopicConflict", message);
  }
}

/** Each region has its own CLS: resources of other regions do not exist there. */
function isIn(region: string | undefined, one: { readonly region: string }): boolean {
  return region === undefined || one.region === region;
}

function inRegion(region: string | undefined): string {
  return region === undefined ? "" : ` in ${region}`;
}
