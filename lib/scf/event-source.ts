import type { HandlerName } from "../../functions/settings";
import type { IGrantee } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import { refuse } from "../errors";
import type { Construct, IConstruct, TerraformProvider } from "../framework";
import type { InvokedFunction } from "../loops/facts";

/** A function that event sources can invoke. */
export interface ILogFunction extends IConstruct, IGrantee {
  /** Name of the function, unique in its namespace. */
  readonly functionName: string;
  /** Namespace of the function. */
  readonly namespace: string;
  /** Region of the function. */
  readonly region: string;
  /** A value that changes when SCF replaces the function, which then loses its triggers. */
  readonly identity: string;
  /** Topic of the function's own log, if it is known. */
  readonly logTopic?: ILogTopic;
  /** Alarm that reports failures of the function, if it has one. */
  readonly alarm?: IDeliveryAlarm;
  /** The package's handler that the function runs, if it is known to run one. */
  readonly prebuilt?: HandlerName;
  /** Provider that creates the resources of event sources. */
  readonly provider?: TerraformProvider;
}

/** Reports a delivery that has stopped. */
export interface IDeliveryAlarm {
  /**
   * @param scope the delivery of the topic's records to the function
   * @param count number of deliveries, if only the plan knows it
   */
  watchDelivery(scope: Construct, topic: ILogTopic, count?: number): void;
}

/** A function in the form that the app's {@link Traffic} uses. */
export function invokedFunction({ logTopic, node, role }: ILogFunction): InvokedFunction {
  return { path: node.path, role: role.node.path, logTopicId: logTopic?.topicId };
}

/** Refuses a function whose handler is one of the package's and cannot read the source's events. */
export function refuseHandler({ node, prebuilt }: ILogFunction, source: string, fit: readonly HandlerName[]): void {
  if (prebuilt === undefined || fit.includes(prebuilt)) return;
  // A monitor's function is created by LogMonitor, with all that it needs.
  const [advised] = fit.filter((handler) => handler !== "monitor");
  refuse(
    node.path,
    "LOGS_EVENT_SOURCE",
    `event source must fit the function's handler, got ${source} for ${JSON.stringify(prebuilt)}; ` +
      (advised === undefined ? `use a function of your own` : `use FunctionCode.prebuilt(${JSON.stringify(advised)})`),
  );
}

/** Invokes a function. */
export interface IEventSource {
  /** Creates the trigger, and grants the function permission to read what its events refer to. */
  bind(target: ILogFunction): void;
}
