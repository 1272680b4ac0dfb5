import { Refusal } from "../refusal";
import type { CloudFunction } from "../scf/function";
import type { FunctionSpec } from "../scf/function-spec";
import { action, type ActionRequest, type Product } from "./action";
import { list, object, optional, text, word } from "./fields";
import { functionOf, functionResource, stateOf } from "./scf-function";
import { INVOKE } from "./invoke";
import { CONFIGURATION, configurationOf, FUNCTION_NAME, NAMESPACE, startOf } from "./scf-configuration";
import { LIMIT_ACTIONS } from "./scf-limits";
import { checkQualifier, LIST_ACTIONS } from "./scf-lists";
import { tagId } from "./tag";
import { TRIGGER_ACTIONS, triggersOf } from "./scf-trigger";
import { apiTime } from "./time";

const HANDLER = text({ pattern: /^[A-Za-z][A-Za-z0-9_:.-]{0,58}[A-Za-z0-9:.]$/ });
const ZIP = text({ min: 1, pattern: /^[A-Za-z0-9+/]+=*$/ });

const TAGS = optional(list(object({ Key: text({ min: 1, max: 127 }), Value: text({ max: 255 }) }), 50));

/** Functions, their triggers, limits, and invocation. */
export const SCF: Product = {
  name: "scf",
  version: "2018-04-16",
  isRegional: true,
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
      (given, request) => {
        const { scf, tags } = request.services;
        const start = startOf(given, request);
        const { spec } = scf.createFunction({ ...start, ...configurationOf(given, start, request) });
        tags.modify("scf", ...tagName(spec), { set: given.Tags?.map(({ Key, Value }) => [Key, Value]) });
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
      (given, request) => {
        const target = functionOf(given, request);
        checkQualifier(given.Qualifier);
        return describe(target, request);
      },
      { resource: functionResource },
    ),
    UpdateFunctionCode: action(
      {
        FunctionName: FUNCTION_NAME,
        Namespace: NAMESPACE,
        Handler: optional(HANDLER),
        ZipFile: optional(ZIP),
        Code: optional(object({ ZipFile: ZIP })),
      },
      async (given, request) => {
        const target = functionOf(given, request);
        const handler = given.Handler ?? target.spec.handler;
        const zipFile = given.Code?.ZipFile ?? given.ZipFile;
        if (zipFile === undefined) throw new Refusal("InvalidParameterValue.Code", "Code.ZipFile must be given.");
        await target.configure({ ...target.spec, handler, zip: Buffer.from(zipFile, "base64") });
        return {};
      },
    ),
    UpdateFunctionConfiguration: action(
      { ...CONFIGURATION, Publish: optional(word("FALSE")) },
      async (given, request) => {
        const target = functionOf(given, request);
        const { runtime } = target.spec;
        if (given.Runtime !== undefined && given.Runtime !== runtime) {
          throw new Refusal("InvalidParameterValue.Runtime", `Runtime must stay ${runtime}, got ${given.Runtime}.`);
        }
        await target.configure({ ...target.spec, ...configurationOf(given, target.spec, request) });
        return {};
      },
    ),
    DeleteFunction: action({ FunctionName: text(), Namespace: NAMESPACE }, async (given, request) => {
      const target = functionOf(given, request);
      const { spec } = target;
      request.services.deliveries.forgetFunction(target);
      await request.services.scf.deleteFunction(target);
      request.services.tags.forget("scf", ...tagName(spec));
      return {};
    }),
    ...TRIGGER_ACTIONS,
    ...LIMIT_ACTIONS,
    ...LIST_ACTIONS,
    Invoke: INVOKE,
  },
};

function describe(target: CloudFunction, request: ActionRequest): object {
  const { spec } = target;
  const { tags } = request.services;
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
    ...stateOf(target),
    ModTime: apiTime(target.modifiedAt),
    AddTime: apiTime(target.createdAt),
    Tags: tags.of("scf", ...tagName(spec)).map(([Key, Value]) => ({ Key, Value })),
    Triggers: triggersOf(target, request),
  };
}

/** The resource name of a function in the tag API. */
function tagName({ name, namespace, region }: FunctionSpec): [kind: string, id: string] {
  return [`namespace/${namespace}/function`, tagId("scf", region, name)];
}
