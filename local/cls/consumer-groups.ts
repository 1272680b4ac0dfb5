import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import { ConsumerGroup, type Topics } from "./consumer-group";

/** The consumer groups of an account, by logset and name. Fact: docs/design/facts/cls-reading.md#consumer-groups. */
export class ConsumerGroups {
  private groups: ConsumerGroup[] = [];

  constructor(
    private readonly cls: Topics & { logset(id: string): unknown },
    private readonly clock: SimulatedClock,
  ) {}

  create(logsetId: string, name: string, timeoutSeconds: number, topicIds: readonly string[]): ConsumerGroup {
    this.cls.logset(logsetId);
    this.checkTopics(logsetId, topicIds);
    if (this.find(logsetId, name)) {
      // The vendor's consumer looks for this text, and then modifies the group.
      throw new Refusal("InvalidParameter.ConsumerGroupConflict", `consumer group already exists: ${name}`);
    }
    const group = new ConsumerGroup(logsetId, name, { timeoutSeconds, topicIds }, this.cls, this.clock);
    this.groups.push(group);
    return group;
  }

  modify(logsetId: string, name: string, timeoutSeconds: number, topicIds: readonly string[]): void {
    this.checkTopics(logsetId, topicIds);
    this.group(logsetId, name).settings = { timeoutSeconds, topicIds };
  }

  delete(logsetId: string, name: string): void {
    const group = this.group(logsetId, name);
    this.groups = this.groups.filter((other) => other !== group);
  }

  /** The groups of a logset; with topics, those that read one of them. */
  of(logsetId: string, topicIds: readonly string[] = []): ConsumerGroup[] {
    return this.groups.filter(
      (group) =>
        group.logsetId === logsetId &&
        (topicIds.length === 0 || group.settings.topicIds.some((id) => topicIds.includes(id))),
    );
  }

  /** Throws {@link Refusal} if there is none. */
  group(logsetId: string, name: string): ConsumerGroup {
    const group = this.find(logsetId, name);
    if (group) return group;
    throw new Refusal("ResourceNotFound.ConsumerGroupNotExist", `the consumer group must exist, got "${name}"`);
  }

  private find(logsetId: string, name: string): ConsumerGroup | undefined {
    return this.groups.find((group) => group.logsetId === logsetId && group.name === name);
  }

  private checkTopics(logsetId: string, topicIds: readonly string[]): void {
    for (const id of topicIds) {
      if (this.cls.topicOf(id).logsetId === logsetId) continue;
      throw new Refusal("InvalidParameter", `Topics must be of logset ${logsetId}, got ${id}.`);
    }
  }
}
