import type { AccessKey, Account } from "../account";
import type { FunctionSpec } from "./function-spec";

/** The role's key, in the variables that functions read. Fact: docs/design/facts/runtime.md#environment-variables. */
export function credentialVariables(key: AccessKey | undefined): Record<string, string> {
  if (!key) return {};
  return {
    TENCENTCLOUD_SECRETID: key.secretId,
    TENCENTCLOUD_SECRETKEY: key.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: key.sessionToken ?? "",
  };
}

/** The environment of a function's process: its own variables and the platform's, and none of the host's. */
export function processEnvironment(
  spec: FunctionSpec,
  account: Account,
  credentials: Record<string, string>,
  machine: { codeFolder: string; temporaryFolder: string; endpoint: string },
): Record<string, string> {
  return {
    ...spec.environment,
    ...credentials,
    ...hostVariables(),
    COS_ENDPOINT: machine.endpoint,
    CLS_ENDPOINT: machine.endpoint,
    TENCENTCLOUD_RUNENV: "SCF",
    TENCENTCLOUD_REGION: spec.region,
    TENCENTCLOUD_APPID: account.appId,
    SCF_FUNCTIONNAME: spec.name,
    SCF_NAMESPACE: spec.namespace,
    SCF_RUNTIME: spec.runtime,
    _SCF_SERVER_PORT: "28902",
    USER_CODE_ROOT: `${machine.codeFolder}/`,
    NODE_PATH: `${machine.codeFolder}:${machine.codeFolder}/node_modules`,
    HOME: machine.temporaryFolder,
    TMPDIR: machine.temporaryFolder,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF8",
    LC_ALL: "en_US.UTF8",
  };
}

/** Windows cannot start a process without this one. */
function hostVariables(): Record<string, string> {
  return process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
}

/**
 * The second argument of a handler. `environment` is a JSON string that contains the role's key. Fact:
 * docs/design/facts/runtime.md#handler-and-context.
 */
export function handlerContext(
  spec: FunctionSpec,
  account: Account,
  credentials: Record<string, string>,
  requestId: string,
): Record<string, unknown> {
  const environment = { SCF_NAMESPACE: spec.namespace, ...spec.environment, ...credentials };
  return {
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: spec.memoryMb,
    time_limit_in_ms: spec.timeoutSeconds * 1000,
    request_id: requestId,
    environment: JSON.stringify(environment),
    environ: Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(";"),
    function_version: "$LATEST",
    function_name: spec.name,
    namespace: spec.namespace,
    tencentcloud_region: spec.region,
    tencentcloud_appid: account.appId,
    tencentcloud_uin: account.uin,
  };
}
