import { scfFunction } from "@cdktf/provider-tencentcloud";
import { logsetIdOf, type ILogTopic } from "../cls/topic";
import type { IGrantee, PolicyStatement } from "../cam/grantee";
import { FunctionRole, type IFunctionRole } from "../cam/role";
import type { RegionalProps } from "../common-props";
import { Checks } from "../errors";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { Construct, tfJson, tfText } from "../framework";
import { physicalName } from "../naming";
import { regionOf } from "../region";
import type { FunctionCode } from "./code";
import { checkEnvironment } from "./environment";
import type { IEventSource } from "./event-source";

/** A function that event sources can invoke. */
export interface ILogFunction {
  readonly functionName: string;
  readonly namespace: string;
}

/** Where a function runs, and how much of it. */
export interface FunctionRuntimeProps {
  /**
   * MB, 128 to 3072 in steps of 128. Memory is what SCF bills time by; the parser's own need does not grow with files.
   * @default 256
   */
  readonly memorySizeMb?: number;
  /**
   * Seconds that one invocation may take, 1 to 900.
   * @default 300
   */
  readonly timeoutSeconds?: number;
  /**
   * Subnet that the function runs in. Without one it reaches COS and CLS over the public network.
   * @default none
   */
  readonly vpc?: { readonly vpcId: string; readonly subnetId: string };
  /**
   * Whether the function reaches the public network; must be left on without a subnet.
   * @default true without a subnet, false in one
   */
  readonly publicNetwork?: boolean;
  /**
   * Topic that the function's own log goes to.
   * @default the topic that SCF keeps for functions without one
   */
  readonly logTopic?: ILogTopic;
}

export interface LogFunctionProps extends RegionalProps, FunctionRuntimeProps {
  readonly code: FunctionCode;
  /**
   * File and export that SCF calls.
   * @default "index.main_handler"
   */
  readonly handler?: string;
  /**
   * SCF's name of the runtime; it cannot be changed later.
   * @default "Nodejs18.15"
   */
  readonly runtime?: string;
  /**
   * 2 to 60 letters, digits, `-`, `_` and `:`; begins with a letter.
   * @default the construct's path and a short hash of it
   */
  readonly functionName?: string;
  /** @default "default" */
  readonly namespace?: string;
  /** @default none */
  readonly description?: string;
  /**
   * Variables by name; 4,096 bytes in all, a token counted as 64.
   * @default none
   */
  readonly environment?: Record<string, string>;
  /**
   * Settings of one of the package's handlers, as JSON in `LOGS_SETTINGS`.
   * @default none
   */
  readonly settings?: object;
  /** @default a role of its own that may do what is granted to it */
  readonly role?: IFunctionRole;
}

/** An event function with its role (`tencentcloud_scf_function`). */
export class LogFunction extends Construct implements ILogFunction, IGrantee {
  readonly resource: scfFunction.ScfFunction;
  readonly role: IFunctionRole;
  readonly functionName: string;
  readonly namespace: string;
  readonly region: string;
  readonly logTopic?: ILogTopic;

  constructor(
    scope: Construct,
    id: string,
    /** Handed on to what event sources make for the function. */
    readonly props: LogFunctionProps,
  ) {
    super(scope, id);
    this.check(props);
    this.region = regionOf(this, props);
    this.role = props.role ?? new FunctionRole(this, "Role", { provider: props.provider, tags: props.tags });
    this.logTopic = props.logTopic;
    this.resource = this.makeFunction(props);
    this.functionName = this.resource.name;
    this.namespace = props.namespace ?? "default";
  }

  addToPolicy(statement: PolicyStatement): void {
    this.role.addToPolicy(statement);
  }

  addEventSource(source: IEventSource): void {
    source.bind(this);
  }

  private check(props: LogFunctionProps): void {
    const checks = new Checks(this).pattern(
      "handler",
      props.handler,
      /^[A-Za-z][A-Za-z0-9_:.-]{0,58}[A-Za-z0-9:.]$/,
      "must name a file and an export in 2 to 60 characters, like index.main_handler",
      "LOGS_HANDLER",
    );
    checkFunction(checks, props);
    checkEnvironment(checks, props.environment ?? {}, props.settings);
    checks.throwIfAny();
  }

  private makeFunction(props: LogFunctionProps): scfFunction.ScfFunction {
    const { logTopic, vpc } = props;
    return new scfFunction.ScfFunction(this, "Resource", {
      name: tfText(props.functionName ?? physicalName(this, { maxLength: 60 })),
      namespace: props.namespace ?? "default",
      handler: props.handler ?? "index.main_handler",
      runtime: props.runtime ?? "Nodejs18.15",
      description: props.description === undefined ? undefined : tfText(props.description),
      memSize: props.memorySizeMb ?? 256,
      timeout: props.timeoutSeconds ?? 300,
      environment: environmentOf(props),
      role: this.role.roleName,
      zipFile: props.code.bind(this),
      // SCF honours "off" only inside a VPC; outside, an explicit "on" keeps the plan free of a difference.
      enablePublicNet: props.publicNetwork ?? vpc === undefined,
      vpcId: vpc?.vpcId,
      subnetId: vpc?.subnetId,
      clsTopicId: logTopic?.topicId,
      clsLogsetId: logTopic === undefined ? undefined : logsetIdOf(this, "logTopic", logTopic),
      tags: props.tags,
      provider: props.provider,
    });
  }
}

function environmentOf({ environment = {}, settings }: LogFunctionProps): Record<string, string> | undefined {
  const variables = Object.entries(environment).map(([name, value]) => [name, tfText(value)]);
  if (settings !== undefined) variables.push([SETTINGS_VARIABLE, tfJson(settings)]);
  return variables.length === 0 ? undefined : Object.fromEntries(variables);
}

/** Checks {@link FunctionRuntimeProps} and the function's name. */
export function checkFunction(
  checks: Checks,
  props: FunctionRuntimeProps & Pick<LogFunctionProps, "functionName">,
): void {
  checks
    .pattern(
      "functionName",
      props.functionName,
      /^[A-Za-z][A-Za-z0-9_:-]{0,58}[A-Za-z0-9:]$/,
      "must have 2 to 60 letters, digits, -, _ and :, begin with a letter and not end with - or _",
      "LOGS_FUNCTION_NAME",
    )
    .integer("memorySizeMb", props.memorySizeMb, { min: 128, max: 3072, step: 128, unit: "MB" }, "LOGS_FUNCTION_MEMORY")
    .integer("timeoutSeconds", props.timeoutSeconds, { min: 1, max: 900, unit: "seconds" }, "LOGS_FUNCTION_TIMEOUT")
    .that(
      props.publicNetwork !== false || props.vpc !== undefined,
      "LOGS_FUNCTION_NETWORK",
      () => "publicNetwork must be left on without vpc, got false; SCF would turn it on again",
    );
}
