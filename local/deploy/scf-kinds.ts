import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PlanObject } from "../plan/value";
import type { CloudFunction } from "../scf/function";
import type { FunctionSpec } from "../scf/function-spec";
import { URL_TRIGGER } from "../scf/function-urls";
import { parseCosTrigger } from "../scf/trigger";
import type { Services } from "../services";
import type { Arguments } from "./arguments";
import { type Kind, type MadeResource, type StackContext, unlessGone } from "./kind";

/** The SCF resources of a plan. */
export const SCF_KINDS: Readonly<Record<string, Kind>> = {
  tencentcloud_scf_function: {
    make: (given, services, context) => {
      const { id, spec } = services.scf.createFunction(functionSpec(given, services, context));
      return { id: `${spec.namespace}+${spec.name}`, function_id: id, status: "Active" };
    },
    change: async (made, given, services, context) => {
      const target = existing(made, services);
      const spec = functionSpec(given, services, context);
      const isSame = target?.spec.name === spec.name && target.spec.namespace === spec.namespace;
      if (!isSame || target.spec.region !== spec.region) return undefined;
      await target.configure(spec);
      return made.computed;
    },
    remove: async (made, services) => {
      const target = existing(made, services);
      if (target === undefined) return;
      services.deliveries.forgetFunction(target);
      await services.scf.deleteFunction(target);
    },
  },
  tencentcloud_scf_function_event_invoke_config: {
    make: setInvokeConfig,
    change: (_made, given, services, context) => setInvokeConfig(given, services, context),
    remove: (made, services) => {
      const target = existing(made, services);
      if (target) services.scf.invokeConfigs.set(target, { retries: undefined, maxAgeSeconds: undefined });
    },
  },
  tencentcloud_scf_reserved_concurrency_config: {
    make: setReservation,
    change: (_made, given, services, context) => setReservation(given, services, context),
    remove: (made, services) => {
      const target = existing(made, services);
      if (target) services.scf.reservations.delete(target);
    },
  },
  tencentcloud_scf_trigger: { make: makeTrigger, change: changeTrigger, remove: removeTrigger },
};

/** The function that a resource refers to, in the resource's region. */
function targetOf(given: Arguments, { scf }: Services, { region }: StackContext): CloudFunction {
  const namespace = given.optionalText("namespace") ?? "default";
  const name = given.optionalText("function_name") ?? given.text("name");
  return scf.function({ region, namespace, name });
}

/** The function that an existing resource refers to, if it still exists. */
function existing({ given, context }: MadeResource, services: Services): CloudFunction | undefined {
  let found: CloudFunction | undefined;
  unlessGone(() => (found = targetOf(given, services, context)));
  return found;
}

function functionSpec(given: Arguments, { cls }: Services, { region, folder }: StackContext): FunctionSpec {
  const topicId = given.optionalText("cls_topic_id");
  const topic = topicId === undefined ? undefined : cls.topic(topicId);
  if (topic?.id !== topicId) throw given.wrong("cls_topic_id", "must exist", topicId);
  if (topic && topic.region !== region) throw given.wrong("cls_topic_id", `must be a topic of ${region}`, topic.region);
  return {
    name: given.text("name"),
    namespace: given.optionalText("namespace") ?? "default",
    region,
    handler: given.text("handler"),
    runtime: given.text("runtime"),
    memoryMb: given.number("mem_size", 128),
    timeoutSeconds: given.number("timeout", 3),
    environment: given.map("environment"),
    role: given.optionalText("role"),
    logTopic: topic && { topicId: topic.id, logsetId: topic.logsetId },
    zip: readFileSync(resolve(folder, given.text("zip_file"))),
  };
}

function makeTrigger(given: Arguments, services: Services, context: StackContext): PlanObject {
  const { scf } = services;
  const type = given.text("type");
  if (type === "timer") return makeTimer(given, services, context);
  if (type === "http") return makeUrl(given, services, context);
  if (type !== "cos") throw given.wrong("type", "must be cos, timer or http, which the local cloud runs", type);
  const target = targetOf(given, services, context);
  const trigger = parseCosTrigger(given.text("trigger_name"), given.text("trigger_desc"), {
    functionName: target.spec.name,
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
  });
  scf.bindings.add(trigger, target);
  return { id: triggerId(target, trigger.name) };
}

/** A URL keeps its address; a trigger of another type is replaced. */
function changeTrigger(
  made: MadeResource,
  given: Arguments,
  services: Services,
  context: StackContext,
): PlanObject | undefined {
  const target = targetOf(given, services, context);
  const isSame = existing(made, services) === target && made.given.text("type") === given.text("type");
  if (!isSame || given.text("type") !== "http") return undefined;
  const { urls } = services.scf;
  urls.update(target, given.text("trigger_desc"), (given.optionalText("enable") ?? "OPEN") === "OPEN");
  const [url] = urls.of(target);
  return { ...made.computed, trigger_attribute: urls.description(url) };
}

function removeTrigger(made: MadeResource, services: Services): void {
  const target = existing(made, services);
  if (target === undefined) return;
  const { given } = made;
  const { bindings, timers, urls } = services.scf;
  const type = given.text("type");
  unlessGone(() => {
    if (type === "http") urls.delete(target);
    else if (type === "timer") timers.delete(target, given.text("trigger_name"));
    else bindings.remove(target, given.text("trigger_name"), given.text("trigger_desc"));
  });
}

function triggerId({ spec }: CloudFunction, name: string): string {
  return `${spec.name}#${spec.namespace}#${name}`;
}

function setInvokeConfig(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const config = given.block("async_trigger_config");
  services.scf.invokeConfigs.set(target, {
    retries: config?.block("retry_config")?.number("retry_num", 2),
    maxAgeSeconds: config?.number("msg_ttl", 21_600),
  });
  return { id: `${target.spec.name}#${target.spec.namespace}` };
}

function makeTimer(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const { spec } = services.scf.timers.create(target, {
    name: given.text("trigger_name"),
    cron: given.text("trigger_desc"),
    message: given.optionalText("custom_argument") ?? "",
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
    description: given.optionalText("description") ?? "",
  });
  return { id: triggerId(target, spec.name) };
}

function makeUrl(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const name = given.optionalText("trigger_name");
  if (name !== undefined) throw given.wrong("trigger_name", "must be left out for a URL", name);
  const { urls } = services.scf;
  const url = urls.create(target, given.text("trigger_desc"), {
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
  });
  return {
    id: triggerId(target, URL_TRIGGER),
    trigger_name: URL_TRIGGER,
    trigger_attribute: urls.description(url),
  };
}

function setReservation(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  services.scf.reservations.set(target, given.number("reserved_concurrency_mem", 0));
  return { id: `${target.spec.namespace}#${target.spec.name}` };
}
