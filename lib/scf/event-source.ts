import type { IGrantee } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import type { Construct, IConstruct, TerraformProvider } from "../framework";
import type { InvokedFunction } from "../loops/facts";

/** A function that event sources can invoke. */
export interface ILogFunction extends IConstruct, IGrantee {
  readonly functionName: string;
  readonly namespace: string;
  readonly region: string;
  /** What changes when SCF makes the function anew, and loses its triggers. */
  readonly identity: string;
  /** Topic that the function's own log goes to, where that is known. */
  readonly logTopic?: ILogTopic;
  /** Tells of what goes wrong with the function, where somebody is to be told. */
  readonly alarm?: IDeliveryAlarm;
  /** Makes what event sources need. */
  readonly provider?: TerraformProvider;
}

/** What tells of a delivery that has stopped. */
export interface IDeliveryAlarm {
  /** @param scope the delivery of the topic's records to the function */
  watchDelivery(scope: Construct, topic: ILogTopic): void;
}

/** A function as the app's {@link Traffic} knows it. */
export function invokedFunction({ logTopic, node, role }: ILogFunction): InvokedFunction {
  return { path: node.path, role: role.node.path, logTopicId: logTopic?.topicId };
}

/** Something that invokes a function. */
export interface IEventSource {
  /** Makes the trigger, and grants the function what it needs to read what the event names. */
  bind(target: ILogFunction): void;
}
