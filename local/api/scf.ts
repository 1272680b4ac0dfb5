import { Refusal } from "../refusal";
import type { CloudFunction, FunctionSpec } from "../scf/function";
import { action, type Call, type Product } from "./action";
import { list, object, optional, text, word } from "./fields";
import { INVOKE } from "./invoke";
import { CONFIGURATION, configurationOf, FUNCTION_NAME, NAMESPACE, startOf } from "./scf-configuration";
import { describeTrigger, TRIGGER_ACTIONS } from "./scf-trigger";
import { apiTime } from "./time";

const HANDLER = text({ pattern: /^[A-Za-z][A-Za-z0-9_:.-]{0,58}[A-Za-z0-9:.]$/ });
const ZIP = text({ min: 1, pattern: /^[A-Za-z0-9+/]+=*$/ });

const TAGS = optional(list(object({ Key: text({ min: 1, max: 127 }), Value: text({ max: 255 }) }), 50));

/** Functions, their triggers, and their invocation. */
export const SCF: Product = {
  name: "scf",
  version: "2018-04-16",
  actions: {
    CreateFunction: action(
      {
        ...CONFIGURATION,
        Code: object({ ZipFile: ZIP }),
        Handler: HANDLER,
        Type: optional(word("Event")),
        AsyncRunEnable: optional(word("TRUE", "FALSE")),
        Tags: TAGS,
      },
      (given, call) => {
        const { scf, tags } = call.services;
        const start = startOf(given, call);
        const { spec } = scf.createFunction({ ...start, ...configurationOf(given, start, call) });
        tags.modify("scf", tagKind(spec), spec.name, { set: given.Tags?.map(({ Key, Value }) => [Key, Value]) });
        return {};
      },
    ),
    GetFunction: action(
      {
        FunctionName: text(),
        Namespace: NAMESPACE,
        Qualifier: optional(text()),
        ShowCode: optional(word("TRUE", "FALSE")),
      },
      (given, call) => describe(functionOf(given, call), call),
    ),
    UpdateFunctionCode: action(
      {
        FunctionName: FUNCTION_NAME,
        Namespace: NAMESPACE,
        Handler: optional(HANDLER),
        ZipFile: optional(ZIP),
        Code: optional(object({ ZipFile: ZIP })),
      },
      async (given, call) => {
        const target = functionOf(given, call);
        const handler = given.Handler ?? target.spec.handler;
        const zipFile = given.Code?.ZipFile ?? given.ZipFile;
        if (zipFile === undefined) throw new Refusal("InvalidParameterValue.Code", "Code.ZipFile must be given.");
        await target.configure({ ...target.spec, handler, zip: Buffer.from(zipFile, "base64") });
        return {};
      },
    ),
    UpdateFunctionConfiguration: action({ ...CONFIGURATION, Publish: optional(word("FALSE")) }, async (given, call) => {
      const target = functionOf(given, call);
      const { runtime } = target.spec;
      if (given.Runtime !== undefined && given.Runtime !== runtime) {
        throw new Refusal("InvalidParameterValue.Runtime", `Runtime must stay ${runtime}, got ${given.Runtime}.`);
      }
      await target.configure({ ...target.spec, ...configurationOf(given, target.spec, call) });
      return {};
    }),
    DeleteFunction: action({ FunctionName: text(), Namespace: NAMESPACE }, async (given, call) => {
      const { spec } = functionOf(given, call);
      await call.services.scf.deleteFunction(spec.name, spec.namespace);
      call.services.tags.forget("scf", tagKind(spec), spec.name);
      return {};
    }),
    ...TRIGGER_ACTIONS,
    Invoke: INVOKE,
  },
};

/** The function that a request names, in the request's region. */
function functionOf(
  given: { FunctionName: string; Namespace?: string },
  { region, services: { scf } }: Call,
): CloudFunction {
  const target = scf.function(given.FunctionName, given.Namespace ?? "default");
  if (target.spec.region === region) return target;
  throw new Refusal("ResourceNotFound.Function", `The function must exist in ${region}, got ${given.FunctionName}.`);
}

function describe(target: CloudFunction, { services: { scf, tags } }: Call): object {
  const { spec } = target;
  return {
    FunctionId: target.id,
    FunctionName: spec.name,
    Namespace: spec.namespace,
    Qualifier: "$LATEST",
    FunctionVersion: "$LATEST",
    Type: "Event",
    Handler: spec.handler,
    Runtime: spec.runtime,
    Description: spec.description ?? "",
    MemorySize: spec.memoryMb,
    Timeout: spec.timeoutSeconds,
    Role: spec.role ?? "",
    Environment: { Variables: Object.entries(spec.environment).map(([Key, Value]) => ({ Key, Value })) },
    ClsLogsetId: spec.logTopic?.logsetId ?? "",
    ClsTopicId: spec.logTopic?.topicId ?? "",
    VpcConfig: { VpcId: "", SubnetId: "" },
    PublicNetConfig: {
      PublicNetStatus: spec.publicNetwork === false ? "DISABLE" : "ENABLE",
      EipConfig: { EipStatus: "DISABLE", EipAddress: [] },
    },
    EipConfig: { EipFixed: "FALSE", Eips: [] },
    AccessInfo: { Host: "", Vip: "" },
    CodeSize: spec.zip.length,
    CodeResult: "success",
    CodeError: "",
    ErrNo: 0,
    InstallDependency: "FALSE",
    L5Enable: "FALSE",
    AsyncRunEnable: "FALSE",
    DnsCache: "FALSE",
    IntranetConfig: { IpFixed: "DISABLE", IpAddress: [] },
    Status: "Active",
    StatusDesc: "",
    ModTime: apiTime(target.modifiedAt),
    AddTime: apiTime(target.createdAt),
    Tags: tags.of("scf", tagKind(spec), spec.name).map(([Key, Value]) => ({ Key, Value })),
    Triggers: scf.bindings.of(target).map(describeTrigger),
  };
}

/** How the tag API names a function's place. */
function tagKind({ namespace }: FunctionSpec): string {
  return `namespace/${namespace}/function`;
}
