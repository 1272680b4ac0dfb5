import type { IGrantee } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import type { IConstruct, TerraformProvider } from "../framework";

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

/** Something that invokes a function. */
export interface IEventSource {
  /** Makes the trigger, and grants the function what it needs to read what the event names. */
  bind(target: ILogFunction): void;
}
