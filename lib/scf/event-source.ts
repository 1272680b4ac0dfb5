import type { HandlerName } from "../../functions/settings";
import type { IGrantee } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import { refuse } from "../errors";
import type { Construct, IConstruct, TerraformProvider } from "../framework";
import type { InvokedFunction } from "../loops/facts";

/** A function that event sources can invoke. */
export interface ILogFunction extends IConstruct, IGrantee {
  /** The function's name, unique in its namespace. */
  readonly functionName: string;
  /** The namespace that the function is in. */
  readonly namespace: string;
  /** The function's region. */
  readonly region: string;
  /** What changes when SCF makes the function anew, and loses its triggers. */
  readonly identity: string;
  /** Topic that the function's own log goes to, where that is known. */
  readonly logTopic?: ILogTopic;
  /** Tells of what goes wrong with the function, where somebody is to be told. */
  readonly alarm?: IDeliveryAlarm;
  /** The package's handler that it runs, where it is known to run one. */
  readonly prebuilt?: HandlerName;
  /** Makes what event sources need. */
  readonly provider?: TerraformProvider;
}

/** What tells of a delivery that has stopped. */
export interface IDeliveryAlarm {
  /**
   * @param scope the delivery of the topic's records to the function
   * @param count how many deliveries there are, where only the plan will know
   */
  watchDelivery(scope: Construct, topic: ILogTopic, count?: number): void;
}

/** A function as the app's {@link Traffic} knows it. */
export function invokedFunction({ logTopic, node, role }: ILogFunction): InvokedFunction {
  return { path: node.path, role: role.node.path, logTopicId: logTopic?.topicId };
}

/** Refuses a function whose handler, one of the package's, cannot read what the source would hand it. */
export function refuseHandler({ node, prebuilt }: ILogFunction, source: string, fit: readonly HandlerName[]): void {
  if (prebuilt === undefined || fit.includes(prebuilt)) return;
  // A monitor's function is made by LogMonitor, with all that it needs.
  const [advised] = fit.filter((handler) => handler !== "monitor");
  refuse(
    node.path,
    "LOGS_EVENT_SOURCE",
    `event source must fit the function's handler, got ${source} for ${JSON.stringify(prebuilt)}; ` +
      (advised === undefined ? `use a function of your own` : `use FunctionCode.prebuilt(${JSON.stringify(advised)})`),
  );
}

/** Something that invokes a function. */
export interface IEventSource {
  /** Makes the trigger, and grants the function what it needs to read what the event names. */
  bind(target: ILogFunction): void;
}
