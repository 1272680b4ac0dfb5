import type { ILogFunction } from "./function";

/** Something that invokes a function. */
export interface IEventSource {
  /** Makes the trigger, and grants the function what it needs to read what the event names. */
  bind(target: ILogFunction): void;
}
