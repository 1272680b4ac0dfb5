import { Refusal } from "../refusal";
import { FUNCTION_NAME_PATTERN, NAMESPACE_PATTERN, type FunctionSpec } from "../scf/function-spec";
import type { ActionRequest } from "./action";
import { integer, list, object, optional, text, word, type Values } from "./fields";

export const FUNCTION_NAME = text({ pattern: FUNCTION_NAME_PATTERN });
export const NAMESPACE = optional(text({ pattern: NAMESPACE_PATTERN }));

const SWITCH = word("ENABLE", "DISABLE");

/** Fields of both CreateFunction and UpdateFunctionConfiguration. Fact: docs/design/facts/provider.md#function. */
export const CONFIGURATION = {
  FunctionName: FUNCTION_NAME,
  Namespace: NAMESPACE,
  Description: optional(text({ max: 1000 })),
  MemorySize: optional(integer({ min: 128, max: 3072, step: 128 })),
  Timeout: optional(integer({ min: 1, max: 900 })),
  Runtime: optional(text({ min: 1 })),
  Role: optional(text()),
  Environment: optional(object({ Variables: list(object({ Key: text(), Value: text() }), 100) })),
  VpcConfig: optional(object({ VpcId: text(), SubnetId: text() })),
  PublicNetConfig: optional(object({ PublicNetStatus: SWITCH, EipConfig: object({ EipStatus: SWITCH }) })),
  ClsLogsetId: optional(text()),
  ClsTopicId: optional(text()),
  L5Enable: optional(word("TRUE", "FALSE")),
  DnsCache: optional(word("TRUE", "FALSE")),
};

/** A function before its configuration is applied. */
export function startOf(
  given: { FunctionName: string; Namespace?: string; Handler: string; Runtime?: string; Code: { ZipFile: string } },
  { region }: ActionRequest,
): FunctionSpec {
  if (given.Runtime === undefined) throw new Refusal("InvalidParameterValue.Runtime", "Runtime must be given.");
  return {
    name: given.FunctionName,
    namespace: given.Namespace ?? "default",
    region,
    handler: given.Handler,
    runtime: given.Runtime,
    memoryMb: 128,
    timeoutSeconds: 3,
    environment: {},
    role: undefined,
    zip: Buffer.from(given.Code.ZipFile, "base64"),
  };
}

/** The configuration in a request; omitted fields stay unchanged. */
export function configurationOf(
  given: Values<typeof CONFIGURATION>,
  before: FunctionSpec,
  request: ActionRequest,
): Omit<FunctionSpec, "name" | "namespace" | "region" | "handler" | "runtime" | "zip"> {
  if (given.VpcConfig?.VpcId) throw new Refusal("UnsupportedOperation", "The local cloud has no VPC.");
  const variables = given.Environment?.Variables.filter(({ Key }) => Key !== "");
  return {
    description: given.Description ?? before.description,
    memoryMb: given.MemorySize ?? before.memoryMb,
    timeoutSeconds: given.Timeout ?? before.timeoutSeconds,
    environment: variables ? Object.fromEntries(variables.map(({ Key, Value }) => [Key, Value])) : before.environment,
    role: given.Role === undefined ? before.role : given.Role || undefined,
    // Outside a VPC, SCF does not accept "off".
    publicNetwork: true,
    logTopic: logTopicOf(given, request) ?? before.logTopic,
  };
}

function logTopicOf(
  { ClsLogsetId: logsetId, ClsTopicId: topicId }: Values<typeof CONFIGURATION>,
  { region, services: { cls } }: ActionRequest,
): FunctionSpec["logTopic"] {
  if (!topicId || !logsetId) return undefined;
  if (cls.topicOf(topicId, region).logsetId === logsetId) return { logsetId, topicId };
  throw new Refusal("InvalidParameterValue.ClsTopicId", `ClsTopicId must be a topic of ${logsetId}, got ${topicId}.`);
}
