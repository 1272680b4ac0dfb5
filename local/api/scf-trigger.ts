import { Refusal } from "../refusal";
import type { Binding } from "../scf/bindings";
import { parseCosTrigger } from "../scf/trigger";
import { action, type Action, type Call } from "./action";
import { describeDelivery } from "./cls-delivery";
import { integer, optional, text, word } from "./fields";
import { filtered, NAMED_FILTERS } from "./filters";
import { page } from "./pages";
import { apiTime } from "./time";

const TYPE = text({ oneOf: ["cos", "timer", "ckafka", "http", "cls"] });

const IDENTITY = {
  FunctionName: text({ min: 1 }),
  Namespace: optional(text({ min: 1 })),
  TriggerName: text({ min: 1 }),
  Type: TYPE,
};

/** Actions on triggers. The local cloud runs those of COS. Fact: provider.md 2.1, 4.4. */
export const TRIGGER_ACTIONS: Readonly<Record<string, Action>> = {
  CreateTrigger: action(
    {
      ...IDENTITY,
      TriggerDesc: text({ min: 1 }),
      Qualifier: optional(text({ min: 1 })),
      Enable: optional(word("OPEN", "CLOSE")),
      CustomArgument: optional(text()),
      Description: optional(text()),
    },
    (given, call) => {
      const { cos, scf } = call.services;
      if (given.Type !== "cos") throw unsupported(given.Type);
      if (given.CustomArgument) {
        throw new Refusal("InvalidParameterValue.CustomArgument", "CustomArgument must be empty for a COS trigger.");
      }
      const trigger = parseCosTrigger(given.TriggerName, given.TriggerDesc, {
        functionName: given.FunctionName,
        enabled: given.Enable !== "CLOSE",
        qualifier: given.Qualifier ?? "$LATEST",
      });
      if (cos.bucket(trigger.bucket)?.region !== trigger.region) {
        const message = `The bucket must exist in ${trigger.region}, got ${trigger.bucket}.`;
        throw new Refusal("InvalidParameterValue.Cos", message);
      }
      scf.createTrigger(trigger, given.Namespace ?? "default");
      const created = bindingsOf(given, call).find((binding) => binding.trigger === trigger);
      return { TriggerInfo: created && describeTrigger(created) };
    },
  ),
  ListTriggers: action(
    {
      FunctionName: text({ min: 1 }),
      Namespace: optional(text({ min: 1 })),
      Offset: optional(integer({ min: 0 })),
      Limit: optional(integer({ min: 1, max: 100 })),
      OrderBy: optional(text()),
      Order: optional(text()),
      Filters: NAMED_FILTERS,
    },
    (given, call) => {
      const filters = (given.Filters ?? []).map(({ Name, Values }) => ({ name: Name, values: Values }));
      const found = filtered(bindingsOf(given, call), filters, {
        TriggerName: ({ trigger }) => trigger.name,
        Qualifier: ({ trigger }) => trigger.qualifier,
      });
      const listed = [...found.map(describeTrigger), ...deliveriesOf(given, call)];
      return { TotalCount: listed.length, Triggers: page(listed, given.Offset, given.Limit) };
    },
  ),
  UpdateTrigger: action(
    {
      ...IDENTITY,
      TriggerDesc: optional(text()),
      Qualifier: optional(text()),
      Enable: optional(word("OPEN", "CLOSE")),
      CustomArgument: optional(text()),
      Description: optional(text()),
    },
    ({ Type }) => {
      if (Type !== "cos") throw unsupported(Type);
      throw new Refusal("InvalidParameterValue.Type", "UpdateTrigger must be for timer, ckafka or http, got cos.");
    },
  ),
  DeleteTrigger: action(
    { ...IDENTITY, TriggerDesc: optional(text()), Qualifier: optional(text()) },
    (given, { services: { deliveries, scf } }) => {
      const target = scf.function(given.FunctionName, given.Namespace ?? "default");
      if (given.Type === "cls") {
        deliveries.delete(target, given.TriggerName);
        return {};
      }
      scf.bindings.remove(target, given.TriggerName, given.TriggerDesc);
      return {};
    },
  ),
};

function bindingsOf(
  given: { FunctionName: string; Namespace?: string },
  { services: { scf } }: Call,
): readonly Binding[] {
  return scf.bindings.of(scf.function(given.FunctionName, given.Namespace ?? "default"));
}

/** Deliveries of CLS are no bindings; a filter leaves them out. */
function deliveriesOf(
  given: { FunctionName: string; Namespace?: string; Filters?: readonly unknown[] },
  { services: { deliveries, scf } }: Call,
): object[] {
  if (given.Filters?.length) return [];
  return deliveries.of(scf.function(given.FunctionName, given.Namespace ?? "default")).map(describeDelivery);
}

function unsupported(type: string): Refusal {
  return new Refusal("UnsupportedOperation", `The local cloud runs COS triggers only, got ${type}.`);
}

/** A trigger as the API shows it. */
export function describeTrigger({ trigger, addedAt }: Binding): object {
  return {
    TriggerName: trigger.name,
    Type: "cos",
    TriggerDesc: trigger.description,
    Enable: trigger.enabled ? 1 : 0,
    Qualifier: trigger.qualifier,
    Description: "",
    CustomArgument: "",
    AvailableStatus: "Available",
    AddTime: apiTime(addedAt),
    ModTime: apiTime(addedAt),
  };
}
