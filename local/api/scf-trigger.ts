import type { Delivery } from "../cls/delivery";
import { Refusal } from "../refusal";
import type { Binding } from "../scf/bindings";
import type { CloudFunction } from "../scf/function";
import { URL_TRIGGER, type FunctionUrl, type FunctionUrls } from "../scf/function-urls";
import type { Timer } from "../scf/timers";
import { parseCosTrigger } from "../scf/trigger";
import { action, type Action, type ActionRequest } from "./action";
import { integer, optional, text, word, type Values } from "./fields";
import { filtered, NAMED_FILTERS, page } from "./lists";
import { functionOf } from "./scf-function";
import { apiTime } from "./time";

const TYPE = text({ oneOf: ["cos", "timer", "ckafka", "http", "cls"] });

const IDENTITY = {
  FunctionName: text({ min: 1 }),
  Namespace: optional(text({ min: 1 })),
  TriggerName: text({ min: 1 }),
  Type: TYPE,
};

const SETTINGS = {
  Qualifier: optional(text({ min: 1 })),
  Enable: optional(word("OPEN", "CLOSE")),
  CustomArgument: optional(text()),
  Description: optional(text({ max: 1000 })),
};

/** A trigger in the API's form. */
export interface TriggerInfo {
  readonly TriggerName: string;
  readonly Type: string;
  readonly TriggerDesc: string;
  /** 1 if it is enabled, otherwise 0. */
  readonly Enable: number;
  readonly Qualifier: string;
  readonly Description: string;
  readonly CustomArgument: string;
  readonly AvailableStatus: string;
  readonly AddTime: string;
  readonly ModTime: string;
}

/**
 * Actions on triggers. COS and timer triggers are created here. CLS triggers are listed and deleted here, and created
 * by CLS. Fact: docs/design/facts/provider.md#scf-actions.
 */
export const TRIGGER_ACTIONS: Readonly<Record<string, Action>> = {
  CreateTrigger: action({ ...IDENTITY, ...SETTINGS, TriggerDesc: text({ min: 1 }) }, (given, request) => ({
    TriggerInfo: createTrigger(given, request),
  })),
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
    (given, request) => {
      const filters = (given.Filters ?? []).map(({ Name, Values }) => ({ name: Name, values: Values }));
      const found = filtered(triggersOf(functionOf(given, request), request), filters, {
        TriggerName: ({ TriggerName }) => TriggerName,
        Qualifier: ({ Qualifier }) => Qualifier,
        Description: ({ Description }) => Description,
      });
      return { TotalCount: found.length, Triggers: page(found, given.Offset, given.Limit) };
    },
  ),
  UpdateTrigger: action({ ...IDENTITY, ...SETTINGS, TriggerDesc: optional(text({ min: 1 })) }, (given, request) => {
    const { Type } = given;
    if (Type === "cos" || Type === "cls") {
      const message = `UpdateTrigger must be for timer, ckafka or http, got ${Type}.`;
      throw new Refusal("InvalidParameterValue.Type", message);
    }
    const { timers, urls } = request.services.scf;
    const enabled = given.Enable === undefined ? undefined : given.Enable === "OPEN";
    if (Type === "http") {
      urls.update(functionOf(given, request), given.TriggerDesc, enabled);
      return {};
    }
    if (Type !== "timer") throw unsupported(Type);
    timers.update(functionOf(given, request), given.TriggerName, {
      cron: given.TriggerDesc,
      message: given.CustomArgument,
      enabled,
      qualifier: given.Qualifier,
      description: given.Description,
    });
    return {};
  }),
  DeleteTrigger: action(
    { ...IDENTITY, TriggerDesc: optional(text()), Qualifier: optional(text()) },
    (given, request) => {
      const { deliveries, scf } = request.services;
      const target = functionOf(given, request);
      if (given.Type === "cls") deliveries.delete(target, given.TriggerName);
      else if (given.Type === "timer") scf.timers.delete(target, given.TriggerName);
      else if (given.Type === "http") scf.urls.delete(target);
      else scf.bindings.remove(target, given.TriggerName, given.TriggerDesc);
      return {};
    },
  ),
};

/** All triggers of a function. */
export function triggersOf(target: CloudFunction, { services: { deliveries, scf } }: ActionRequest): TriggerInfo[] {
  return [
    ...scf.bindings.of(target).map(describeBinding),
    ...scf.timers.of(target).map(describeTimer),
    ...scf.urls.of(target).map((url) => describeUrl(url, scf.urls)),
    ...deliveries.of(target).map(describeDelivery),
  ];
}

type NewTrigger = Values<typeof IDENTITY & typeof SETTINGS> & { readonly TriggerDesc: string };

function createTrigger(given: NewTrigger, request: ActionRequest): TriggerInfo {
  if (given.Type === "timer") return createTimer(given, request);
  return given.Type === "http" ? createUrl(given, request) : createCosTrigger(given, request);
}

function createCosTrigger(given: NewTrigger, request: ActionRequest): TriggerInfo {
  const { cos, scf } = request.services;
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
  return describeBinding(scf.bindings.add(trigger, functionOf(given, request)));
}

function createTimer(given: NewTrigger, request: ActionRequest): TriggerInfo {
  const timer = request.services.scf.timers.create(functionOf(given, request), {
    name: given.TriggerName,
    cron: given.TriggerDesc,
    message: given.CustomArgument ?? "",
    enabled: given.Enable !== "CLOSE",
    qualifier: given.Qualifier ?? "$LATEST",
    description: given.Description ?? "",
  });
  return describeTimer(timer);
}

function createUrl(given: NewTrigger, request: ActionRequest): TriggerInfo {
  const { urls } = request.services.scf;
  const url = urls.create(functionOf(given, request), given.TriggerDesc, {
    enabled: given.Enable !== "CLOSE",
    qualifier: given.Qualifier ?? "$LATEST",
  });
  return describeUrl(url, urls);
}

function unsupported(type: string): Refusal {
  const message = `The local cloud makes triggers of COS, timers and URLs only, got ${type}.`;
  return new Refusal("UnsupportedOperation", message);
}

function describeBinding({ trigger, addedAt }: Binding): TriggerInfo {
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

/** The API wraps the given text into JSON. */
function describeTimer({ spec, addedAt, modifiedAt }: Timer): TriggerInfo {
  return {
    TriggerName: spec.name,
    Type: "timer",
    TriggerDesc: JSON.stringify({ cron: spec.cron }),
    Enable: spec.enabled ? 1 : 0,
    Qualifier: spec.qualifier,
    Description: spec.description,
    CustomArgument: spec.message,
    AvailableStatus: "Available",
    AddTime: apiTime(addedAt),
    ModTime: apiTime(modifiedAt),
  };
}

function describeUrl(url: FunctionUrl, urls: FunctionUrls): TriggerInfo {
  return {
    TriggerName: URL_TRIGGER,
    Type: "http",
    TriggerDesc: urls.description(url),
    Enable: url.spec.enabled ? 1 : 0,
    Qualifier: url.spec.qualifier,
    Description: "",
    CustomArgument: "",
    AvailableStatus: "Available",
    AddTime: apiTime(url.addedAt),
    ModTime: apiTime(url.modifiedAt),
  };
}

/** A topic's delivery is also a trigger of its function. */
function describeDelivery({ topic, spec, createdAt, paused }: Delivery): TriggerInfo {
  const description = {
    effective: !paused,
    function_name: spec.functionName,
    max_size: spec.maxMessages,
    max_wait: spec.waitSeconds,
    name_space: spec.namespace,
    qualifier: spec.qualifier,
    topic_id: topic.id,
  };
  return {
    TriggerName: topic.id,
    Type: "cls",
    TriggerDesc: JSON.stringify(description),
    Enable: paused ? 0 : 1,
    Qualifier: spec.qualifier,
    Description: "",
    CustomArgument: "",
    AvailableStatus: "Available",
    AddTime: apiTime(createdAt),
    ModTime: apiTime(createdAt),
  };
}
