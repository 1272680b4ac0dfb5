import { scfTrigger } from "@cdktf/provider-tencentcloud";
import { replaceWhenChanges, tfChoice, type Construct } from "../framework";
import { flag, identifier } from "../props/kinds";
import type { PropTable } from "../props/prop";
import type { ILogFunction } from "./event-source";

/** Props of all event sources that are a trigger of SCF. */
export interface TriggerProps {
  /**
   * Whether the trigger fires.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Version or alias of the function that is invoked.
   * @default "$DEFAULT"
   */
  readonly qualifier?: string;
}

export const TRIGGER_PROPS: PropTable<TriggerProps> = { enabled: flag, qualifier: identifier };

/** What differs between triggers, as the provider has it. */
interface TriggerOptions extends TriggerProps {
  readonly type: "cos" | "timer" | "http";
  /** None for a URL, which the provider names. */
  readonly triggerName?: string;
  readonly description: string;
  readonly customArgument?: string;
  /** Whether SCF updates a trigger of this type; one that it does not update is made anew with every change. */
  readonly isUpdated: boolean;
}

/** Makes a function's trigger, the resource of `scope`, once the function's role has what was granted to it. */
export function makeTrigger(scope: Construct, target: ILogFunction, options: TriggerOptions): scfTrigger.ScfTrigger {
  const { customArgument, description, enabled = true, isUpdated, qualifier = "$DEFAULT", triggerName, type } = options;
  const enable = tfChoice(enabled, "OPEN", "CLOSE");
  const trigger = new scfTrigger.ScfTrigger(scope, "Resource", {
    functionName: target.functionName,
    namespace: target.namespace,
    type,
    triggerName,
    triggerDesc: description,
    customArgument,
    qualifier,
    enable,
    provider: target.provider,
    dependsOn: target.role.grants,
  });
  // The provider ignores a new name, and SCF loses all triggers of a function that is made anew. A URL is a version's.
  // Fact: docs/design/facts/provider.md#ignored-changes, docs/design/facts/provider.md#function.
  const identity = { function: target.identity, ...(triggerName === undefined ? { qualifier } : { triggerName }) };
  replaceWhenChanges(trigger, isUpdated ? identity : { ...identity, description, enabled: enable, qualifier });
  return trigger;
}
