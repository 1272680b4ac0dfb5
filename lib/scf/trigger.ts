import { scfTrigger } from "@cdktf/provider-tencentcloud";
import { replaceWhenChanges, tfChoice, type Construct } from "../framework";
import { flag, identifier } from "../props/kinds";
import type { PropTable } from "../props/prop";
import type { ILogFunction } from "./event-source";

/** Props of all event sources that are SCF triggers. */
export interface TriggerProps {
  /**
   * Whether the trigger is enabled.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Version or alias of the function to invoke.
   * @default "$DEFAULT"
   */
  readonly qualifier?: string;
}

export const TRIGGER_PROPS: PropTable<TriggerProps> = { enabled: flag, qualifier: identifier };

/** What differs between triggers, in the provider's terms. */
interface TriggerOptions extends TriggerProps {
  readonly type: "cos" | "timer" | "http";
  /** None for a URL, which the provider names. */
  readonly triggerName?: string;
  readonly description: string;
  readonly customArgument?: string;
  /** Whether SCF can update a trigger of this type. If it cannot, every change replaces the trigger. */
  readonly isUpdated: boolean;
}

/** Creates a function's trigger, the resource of `scope`, after the grants of the function's role. */
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
  // The provider ignores a new name, and SCF loses all triggers of a function that is replaced. A URL belongs to a
  // version. Fact: docs/design/facts/provider.md#ignored-changes, docs/design/facts/provider.md#function.
  const identity = { function: target.identity, ...(triggerName === undefined ? { qualifier } : { triggerName }) };
  replaceWhenChanges(trigger, isUpdated ? identity : { ...identity, description, enabled: enable, qualifier });
  return trigger;
}
