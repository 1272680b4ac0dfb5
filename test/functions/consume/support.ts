import { setTimeout as wait } from "node:timers/promises";
import { ClsMember, type ClsMemberOptions, type ConsumedBatch, type MemberEvent } from "../../../functions/consume";
import type { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";

/** A member of a group on a local cloud, and what came of it. */
export class TestMember {
  readonly events: MemberEvent[] = [];
  /** Numbers of the logs that were handled and committed. */
  readonly numbers: number[] = [];
  readonly batches: ConsumedBatch[] = [];
  readonly member: ClsMember;
  failure: unknown;
  /** Resolves when nothing more comes. */
  ended: Promise<void> = Promise.resolve();

  constructor(cloud: LocalCloud, topics: readonly Topic[], options: Partial<ClsMemberOptions> = {}) {
    process.env.CLS_ENDPOINT = cloud.endpoint;
    this.member = new ClsMember({
      topics: topics.map(({ id, name, region }) => ({ name, topicId: id, region })),
      region: topics[0]?.region ?? "",
      logsetId: topics[0]?.logsetId ?? "",
      group: "monitor",
      consumer: "one",
      credentials: () => cloud.cam.ownerKey,
      start: "begin",
      perSecond: 20,
      sessionSeconds: 1,
      timeoutMs: 1_000,
      tell: (event) => void this.events.push(event),
      ...options,
    });
  }

  /** Handles batches, of several partitions at a time, as they come. */
  start(handle: (batch: ConsumedBatch) => Promise<void> | void = () => undefined): this {
    this.ended = this.#run(handle).catch((error: unknown) => void (this.failure = error));
    return this;
  }

  async #run(handle: (batch: ConsumedBatch) => Promise<void> | void): Promise<void> {
    for await (const batch of this.member.batches()) void this.#handle(batch, handle);
  }

  async #handle(batch: ConsumedBatch, handle: (batch: ConsumedBatch) => Promise<void> | void): Promise<void> {
    try {
      await handle(batch);
      await batch.commit();
      this.batches.push(batch);
      this.numbers.push(...batch.records.map((record) => Number(record.get("n"))));
    } catch (error) {
      this.failure = error;
    }
  }

  /** Partitions that it has. */
  get partitions(): number[] {
    return this.member.state().partitions.map(({ partition }) => partition);
  }

  async leave(graceMs = 5_000): Promise<void> {
    await this.member.leave(graceMs);
    await this.ended;
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  for (const started = Date.now(); !holds(); await wait(20)) {
    if (Date.now() - started > timeoutMs) throw new Error(`${what} must come about within ${timeoutMs} ms`);
  }
}
