import type { IFunctionRole } from "../cam/grantee";
import { roleProp } from "../cam/role";
import { topicProp, type ILogTopic } from "../cls/topic";
import { REGIONAL_PROPS, type RegionalProps } from "../common-props";
import type { Checks } from "../errors";
import type { HandlerSettings } from "../../functions/settings";
import { liveLogProp, type LiveLog } from "../live/live-log";
import { flag, freeText, identifier, integer, knownAtSynth, mapOf, nested, required, textThat } from "../props/kinds";
import { isPlainObject, refuseType, type OptionalProp, type PropTable } from "../props/prop";
import { codeProp, handlerProp, type FunctionCode } from "./code";
import { checkFailure, FAILURE_PROPS, type FailureProps } from "./failure";

/** Attributes of an existing function. */
export interface LogFunctionAttributes extends Pick<RegionalProps, "provider" | "region"> {
  /** Name of the function. */
  readonly functionName: string;
  /**
   * Role of the function, which receives the permissions that event sources need. Use `FunctionRole.fromRoleName` for
   * an existing role.
   */
  readonly role: IFunctionRole;
  /**
   * Namespace of the function.
   * @default "default"
   */
  readonly namespace?: string;
  /**
   * Topic of the function's own log, used to detect loops.
   * @default unknown
   */
  readonly logTopic?: ILogTopic;
}

/** Resources and network of a function, and what happens when it fails. */
export interface FunctionRuntimeProps extends FailureProps {
  /**
   * Memory in MB, 128 to 3072 in steps of 128. SCF bills duration by memory. The parser's memory use does not depend on
   * the size of files.
   * @default 256
   */
  readonly memorySizeMb?: number;
  /**
   * Timeout of an invocation in seconds, 1 to 900.
   * @default 300
   */
  readonly timeoutSeconds?: number;
  /**
   * Subnet that the function runs in, by the ids of its VPC and of the subnet. In a subnet, a pipeline reaches COS and
   * CLS of its region over the intranet; without one, over the public network.
   * @default none
   */
  readonly vpc?: { readonly vpcId: string; readonly subnetId: string };
  /**
   * Whether the function can reach the public network. It cannot be turned off without a subnet.
   * @default true without a subnet, false in one
   */
  readonly publicNetwork?: boolean;
  /**
   * Topic of the function's own log.
   * @default the topic that SCF provides for functions without one
   */
  readonly logTopic?: ILogTopic;
  /**
   * Makes `tencent-logs tail` show the function's log while it is written. A reporter is added to the zip, runs before
   * the handler, and sends what the function writes while somebody watches. For functions in Node.js and Python. Uses
   * about 300 of the 4,096 bytes of variables.
   * @default none: a tail shows what SCF writes to `logTopic`
   */
  readonly liveLog?: LiveLog;
  /**
   * Environment variables, which rules read with `res_local("NAME")`. Names have letters, digits and `_`, begin with a
   * letter, and not with `SCF_`, `QCLOUD_`, `TENCENTCLOUD_` or `LOGS_`. At most 4,096 bytes in total; a token counts as
   * 64.
   * @default none
   */
  readonly environment?: Record<string, string>;
}

/** Props of a {@link LogFunction}. */
export interface LogFunctionProps extends RegionalProps, FunctionRuntimeProps {
  /** Code that the function runs. */
  readonly code: FunctionCode;
  /**
   * File and export that SCF calls, 2 to 60 characters.
   * @default the handler that `code` names, else "index.main_handler"
   */
  readonly handler?: string;
  /**
   * SCF's name of the runtime. A change replaces the function.
   * @default "Nodejs18.15"
   */
  readonly runtime?: string;
  /**
   * Name of the function: 2 to 60 letters, digits, `-`, `_` and `:`. It must begin with a letter and not end with `-`
   * or `_`.
   * @default the construct's path and a short hash of it
   */
  readonly functionName?: string;
  /**
   * Namespace of the function. It must exist.
   * @default "default"
   */
  readonly namespace?: string;
  /**
   * Description of the function, shown in the console.
   * @default none
   */
  readonly description?: string;
  /**
   * Settings of the handler, if `code` is a handler of the package. To set them later, use
   * {@link LogFunction.configure}.
   * @default none
   */
  readonly settings?: HandlerSettings;
  /**
   * Role that the function runs as.
   * @default a new role with only the permissions that are granted to it
   */
  readonly role?: IFunctionRole;
}

const FUNCTION_NAME = textThat(
  /^[A-Za-z][A-Za-z0-9_:-]{0,58}[A-Za-z0-9:]$/,
  "must have 2 to 60 letters, digits, -, _ and :, begin with a letter and not end with - or _",
  "leave it out for one made of the construct's path",
  "LOGS_FUNCTION_NAME",
);

/** The props of a pipeline for its function. */
export const RUNTIME_PROPS: PropTable<FunctionRuntimeProps & Pick<LogFunctionProps, "functionName" | "role">> = {
  ...FAILURE_PROPS,
  functionName: FUNCTION_NAME,
  role: roleProp,
  memorySizeMb: integer({ min: 128, max: 3072, step: 128, unit: "MB" }, "LOGS_FUNCTION_MEMORY"),
  timeoutSeconds: integer({ min: 1, max: 900, unit: "seconds" }, "LOGS_FUNCTION_TIMEOUT"),
  vpc: nested({
    vpcId: required(identifier, "say which VPC"),
    subnetId: required(identifier, "say which subnet of it"),
  }),
  publicNetwork: flag,
  logTopic: topicProp,
  liveLog: liveLogProp,
  environment: mapOf(freeText, "give each variable its own name, and a token as its value"),
};

/** Settings have their own schema. */
const settingsProp: OptionalProp<HandlerSettings> = knownAtSynth({
  read(given, path, checks) {
    if (isPlainObject(given)) return given as HandlerSettings;
    refuseType(checks, path, "must be an object", given, "write it as { version: 1, ... }");
    return undefined;
  },
});

export const FUNCTION_PROPS: PropTable<LogFunctionProps> = {
  ...REGIONAL_PROPS,
  code: required(codeProp, "say what the function runs"),
  handler: handlerProp,
  namespace: identifier,
  runtime: identifier,
  ...RUNTIME_PROPS,
  description: freeText,
  settings: settingsProp,
};

export const ATTRIBUTES: PropTable<LogFunctionAttributes> = {
  provider: REGIONAL_PROPS.provider,
  region: REGIONAL_PROPS.region,
  functionName: required(identifier, "name the function that exists"),
  role: required(roleProp, "say which role it runs as: FunctionRole.fromRoleName for one that exists"),
  namespace: identifier,
  logTopic: topicProp,
};

export const DEFAULT_MEMORY_MB = 256;
export const DEFAULT_TIMEOUT_SECONDS = 300;

/** Checks {@link FunctionRuntimeProps} together. */
export function checkFunction(checks: Checks, props: FunctionRuntimeProps): void {
  checks.that(
    props.publicNetwork !== false || props.vpc !== undefined,
    "LOGS_FUNCTION_NETWORK",
    () => "publicNetwork must be left on without vpc, got false; SCF would turn it on again",
  );
  checkFailure(checks, props, props.memorySizeMb ?? DEFAULT_MEMORY_MB);
}
