import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import type { CloudFunction } from "../scf/function";
import type { Scf } from "../scf/scf";
import type { Cls } from "./cls";
import { Delivery, type ClsEvent, type DeliverySpec } from "./delivery";

/** A delivery and its function. A new function with the same name does not inherit it. */
interface Entry {
  readonly delivery: Delivery;
  readonly target: CloudFunction;
}

/** Which topics are delivered to which functions. Refusals are thrown as {@link Refusal}. */
export class Deliveries {
  /** Copies of each delivered event: a test can set more, because delivery is at-least-once. */
  copies = 1;
  private entries: Entry[] = [];
  private readonly listeners: ((delivery: Delivery, records: number) => void)[] = [];

  constructor(
    private readonly cls: Cls,
    private readonly scf: Scf,
    private readonly clock: SimulatedClock,
  ) {}

  /** Delivers a topic to a function in its region. */
  create(topicId: string, spec: DeliverySpec): Delivery {
    const topic = this.cls.topicOf(topicId);
    const { functionName: name, namespace } = spec;
    const target = this.scf.function({ region: topic.region, namespace, name });
    if (this.of(target).some((other) => other.topic === topic)) {
      throw new Refusal("InvalidParameter", `topic must be delivered once, got "${topic.name}"`);
    }
    const delivery = new Delivery(topic, spec, this.clock, (event, records) => {
      this.send({ delivery, target }, event, records);
    });
    this.entries.push({ delivery, target });
    return delivery;
  }

  /** Ends a topic's delivery to a function. Throws if there is none. */
  delete(target: CloudFunction, topicId: string): void {
    const delivery = this.of(target).find(({ topic }) => topic.id === topicId);
    if (delivery === undefined) throw new Refusal("ResourceNotFound.Trigger", `trigger must exist, got "${topicId}"`);
    this.forget(delivery);
  }

  /** Ends all deliveries to a deleted function: SCF includes them in its triggers. */
  forgetFunction(target: CloudFunction): void {
    for (const delivery of this.of(target)) this.forget(delivery);
  }

  /** The deliveries to a function, in order of creation. */
  of(target: CloudFunction): readonly Delivery[] {
    return this.entries.filter((entry) => entry.target === target).map(({ delivery }) => delivery);
  }

  /** Calls the listener with each batch that is delivered to a function. */
  onDelivered(listener: (delivery: Delivery, records: number) => void): void {
    this.listeners.push(listener);
  }

  all(): readonly Delivery[] {
    return this.entries.map(({ delivery }) => delivery);
  }

  private send({ delivery, target }: Entry, event: ClsEvent, records: number): void {
    // CLS does not deliver to a deleted function.
    if (!this.scf.has(target)) return this.forget(delivery);
    const source = `cls://${delivery.topic.name}`;
    for (const listener of this.listeners) listener(delivery, records);
    for (let copy = 0; copy < this.copies; copy++) {
      void this.scf.invoke(target, { event, wait: false, source });
    }
  }

  private forget(delivery: Delivery): void {
    delivery.close();
    this.entries = this.entries.filter((entry) => entry.delivery !== delivery);
  }
}
