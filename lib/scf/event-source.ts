import type { IGrantee } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import type { IConstruct, TerraformProvider } from "../framework";
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
  /** Makes what event sources need. */
  readonly provider?: TerraformProvider;
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
