import { scfFunction } from "@cdktf/provider-tencentcloud";
import { logsetIdOf, topicProp, type ILogTopic } from "../cls/topic";
import type { IFunctionRole, PolicyStatement } from "../cam/grantee";
import { FunctionRole, roleProp } from "../cam/role";
import { REGIONAL_PROPS, type RegionalProps } from "../common-props";
import { LogConstruct } from "../construct";
import { alreadyChecked, Checks, isChecked, refuse, warnUnless } from "../errors";
import { type HandlerName, type HandlerSettings, SECRET_PREFIX } from "../../functions/settings";
import { Construct, isToken, replaceWhenChanges, tfTags, tfText, type TerraformProvider } from "../framework";
import { physicalName } from "../naming";
import {
  flag,
  freeText,
  identifier,
  instance,
  integer,
  knownAtSynth,
  mapOf,
  nested,
  required,
  secret,
  text,
  textThat,
} from "../props/kinds";
import { isPlainObject, readArgument, readProps, refuseType, type OptionalProp, type PropTable } from "../props/prop";
import { regionOfMade } from "../region";
import { claimName, inRegion } from "../unique-names";
import { codeProp, type FunctionCode } from "./code";
import { checkEnvironment, renderEnvironment, type FunctionVariables } from "./environment";
import type { IEventSource, ILogFunction } from "./event-source";
import { checkFailure, configureFailure, FAILURE_PROPS, type FailureProps } from "./failure";
import { FailureAlarm } from "./failure-alarm";
import { checkSettings } from "./settings";

/** What is known of a function that exists already. */
export interface LogFunctionAttributes extends Pick<RegionalProps, "provider" | "region"> {
  readonly functionName: string;
  /** What the event source must allow the function is granted to it; `FunctionRole.fromRoleName` for one that exists. */
  readonly role: IFunctionRole;
  /** @default "default" */
  readonly namespace?: string;
  /**
   * Topic that the function's own log goes to, so that a loop is seen.
   * @default unknown
   */
  readonly logTopic?: ILogTopic;
}

/** Where a function runs, how much of it, and what happens when it fails. */
export interface FunctionRuntimeProps extends FailureProps {
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
   * Subnet that the function runs in. From one a pipeline reaches COS and CLS of its region over the intranet, without one
   * over the public network.
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
  /**
   * Variables by name, which rules read with `res_local("NAME")`; 4,096 bytes in all, a token counted as 64.
   * @default none
   */
  readonly environment?: Record<string, string>;
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
   * Settings of the handler of the package that `code` is; see {@link LogFunction.configure}, which takes them later.
   * @default none
   */
  readonly settings?: HandlerSettings;
  /** @default a role of its own that may do what is granted to it */
  readonly role?: IFunctionRole;
}

const FUNCTION_NAME = textThat(
  /^[A-Za-z][A-Za-z0-9_:-]{0,58}[A-Za-z0-9:]$/,
  "must have 2 to 60 letters, digits, -, _ and :, begin with a letter and not end with - or _",
  "leave it out for one made of the construct's path",
  "LOGS_FUNCTION_NAME",
);

/** The props that a pipeline has for its function. */
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
  environment: mapOf(freeText, "give each variable its own name, and a token as its value"),
};

/** Settings have a schema of their own. */
const settingsProp: OptionalProp<HandlerSettings> = knownAtSynth({
  read(given, path, checks) {
    if (isPlainObject(given)) return given as HandlerSettings;
    refuseType(checks, path, "must be an object", given, "write it as { version: 1, ... }");
    return undefined;
  },
});

const PROPS: PropTable<LogFunctionProps> = {
  ...REGIONAL_PROPS,
  code: required(codeProp, "say what the function runs"),
  handler: textThat(
    /^[A-Za-z][A-Za-z0-9_:.-]{0,58}[A-Za-z0-9:.]$/,
    "must name a file and an export in 2 to 60 characters, like index.main_handler",
    "leave it out for index.main_handler",
    "LOGS_HANDLER",
  ),
  namespace: identifier,
  runtime: identifier,
  ...RUNTIME_PROPS,
  description: freeText,
  settings: settingsProp,
};

const ATTRIBUTES: PropTable<LogFunctionAttributes> = {
  provider: REGIONAL_PROPS.provider,
  region: REGIONAL_PROPS.region,
  functionName: required(identifier, "name the function that exists"),
  role: required(roleProp, "say which role it runs as: FunctionRole.fromRoleName for one that exists"),
  namespace: identifier,
  logTopic: topicProp,
};

const eventSource = instance<IEventSource>(
  "an event source",
  "make a CosEventSource, a ClsEventSource or a TimerEventSource",
  { others: ["bind"] },
);

/** An event function with its role (`tencentcloud_scf_function`). */
export class LogFunction extends LogConstruct implements ILogFunction {
  /** A function that exists already, to give it event sources of this stack. */
  static fromFunctionAttributes(scope: Construct, id: string, attributes: LogFunctionAttributes): ILogFunction {
    return new ImportedFunction(scope, id, attributes);
  }

  readonly resource: scfFunction.ScfFunction;
  readonly role: IFunctionRole;
  readonly functionName: string;
  readonly namespace: string;
  readonly region: string;
  readonly identity: string;
  readonly logTopic?: ILogTopic;
  readonly alarm?: FailureAlarm;
  readonly provider?: TerraformProvider;
  /** Subnet that the function runs in, where there is one. */
  readonly vpc?: FunctionRuntimeProps["vpc"];
  private readonly publicNetwork: boolean | undefined;
  /** The package's handler that it runs, where it runs one. */
  readonly prebuilt?: HandlerName;
  private variables: FunctionVariables;

  constructor(scope: Construct, id: string, given: LogFunctionProps) {
    super(scope, id);
    const { props, variables } = this.read(given);
    this.prebuilt = props.code.handler;
    this.variables = variables;
    this.provider = props.provider;
    this.region = regionOfMade(this, props);
    this.role =
      props.role ?? new FunctionRole(this, "Role", alreadyChecked({ provider: props.provider, tags: props.tags }));
    this.logTopic = props.logTopic;
    this.vpc = props.vpc;
    this.publicNetwork = props.publicNetwork;
    this.resource = this.makeFunction(props);
    this.functionName = this.resource.name;
    this.namespace = props.namespace ?? "default";
    this.identity = this.resource.functionId;
    this.node.addValidation({ validate: () => this.lostVariables() });
    configureFailure(this, props);
    const { alarm, provider, tags } = props;
    if (alarm !== undefined) {
      const leavesNotes = this.prebuilt !== undefined;
      this.alarm = new FailureAlarm(this, "Alarm", { ...alarm, leavesNotes, provider, tags });
    }
  }

  addToPolicy(statement: PolicyStatement): void {
    this.role.addToPolicy(statement);
  }

  addEventSource(source: IEventSource): void {
    readArgument(new Checks(this), "source", eventSource, source);
    source.bind(this);
  }

  /**
   * Sets a variable, as the prop `environment` does; rules read it with `res_local(name)`.
   *
   * @param name letters, digits and `_`, beginning with a letter; none that the function has
   */
  addEnvironment(name: string, value: string): void {
    readArgument(new Checks(this), "name", text, name);
    const { environment } = this.variables;
    if (Object.hasOwn(environment, name)) {
      refuse(this, "LOGS_ENVIRONMENT_NAME", `environment.${name} must be set once, got a second value; rename it`);
    }
    const added = readArgument(new Checks(this), `environment.${name}`, freeText, value);
    this.changeVariables({ ...this.variables, environment: { ...environment, [name]: added } });
  }

  /**
   * Hands the handler its settings, once, as JSON in `LOGS_SETTINGS`; those that have a default may be left out. For
   * settings that need the function first: what an output's `bind` returns.
   */
  configure(settings: HandlerSettings): void {
    if (this.variables.settings !== undefined) {
      refuse(this, "LOGS_SETTINGS", "settings must be given once, got them a second time; give all of them at once");
    }
    const checks = new Checks(this);
    const whole = checkSettings(checks, this.prebuilt, settings);
    checks.throwIfAny();
    this.changeVariables({ ...this.variables, settings: whole });
  }

  /**
   * Sets the variable `LOGS_SECRET_<NAME>`, and returns its whole name.
   *
   * @param value one that only the plan knows, like the `stringValue` of a sensitive `TerraformVariable`
   */
  addSecret(name: string, value: string): string {
    readArgument(new Checks(this), "name", text, name);
    const known = readArgument(new Checks(this), name, secret, value);
    const variable = SECRET_PREFIX + name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
    const { secrets } = this.variables;
    if (secrets[variable] !== undefined) {
      refuse(this, "LOGS_SECRET_NAME", `${variable} must be set once, got a second value; rename one of the outputs`);
    }
    this.changeVariables({ ...this.variables, secrets: { ...secrets, [variable]: known } });
    return variable;
  }

  /** Has a function in a subnet reach the public network too, unless `publicNetwork` was given. */
  usePublicNetwork(): void {
    if (this.publicNetwork === undefined) this.resource.enablePublicNet = true;
  }

  private changeVariables(variables: FunctionVariables): void {
    const checks = new Checks(this);
    checkEnvironment(checks, variables);
    checks.throwIfAny();
    this.variables = variables;
    this.resource.environment = this.rendered() ?? {};
  }

  /** Variables that somebody took away through the handle `.resource`, as an error of the framework's validation. */
  private lostVariables(): string[] {
    const present = this.resource.environmentInput ?? {};
    if (isToken(present)) return [];
    const lost = Object.keys(this.rendered() ?? {}).filter((name) => !Object.hasOwn(present, name));
    if (lost.length === 0) return [];
    return [
      `resource.environment must keep what the construct set, got it without ${lost.join(", ")}; ` +
        `set variables of your own with the prop environment (${ENVIRONMENT_LOST})`,
    ];
  }

  private rendered(): Record<string, string> | undefined {
    return renderEnvironment(this.variables, this.prebuilt === undefined ? undefined : this);
  }

  /** The props, checked, and the variables that they ask for. */
  private read(given: LogFunctionProps): { props: LogFunctionProps; variables: FunctionVariables } {
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    const { code, environment = {}, handler, runtime, settings } = props;
    if (!isChecked(given)) checkFunction(checks, props);
    const whole = settings && checkSettings(checks, code.handler, settings);
    const variables: FunctionVariables = { environment, secrets: {}, settings: whole };
    checkEnvironment(checks, variables);
    checks
      .that(
        code.handler === undefined || handler === undefined || handler === PREBUILT_EXPORT,
        "LOGS_HANDLER",
        () => `handler must be left out beside a handler of the package, got ${JSON.stringify(handler)}; leave it out`,
      )
      .throwIfAny();
    warnUnless(
      this,
      "runtime",
      runtime,
      /^((Nodejs|Python|Php|Go|Java)\d+(\.\d+)?|CustomRuntime)$/,
      "looks like no runtime of SCF; write it like Nodejs18.15",
    );
    return { props, variables };
  }

  private makeFunction(props: LogFunctionProps): scfFunction.ScfFunction {
    const { logTopic, namespace = "default", runtime = "Nodejs18.15", vpc } = props;
    const name = props.functionName ?? physicalName(this, { maxLength: 60 });
    const whole = [...inRegion(this, props.provider), namespace];
    claimName(this, { prop: "functionName", name, within: "its namespace", whole });
    const resource = new scfFunction.ScfFunction(this, "Resource", {
      name: tfText(name),
      namespace,
      handler: props.handler ?? PREBUILT_EXPORT,
      runtime,
      description: props.description === undefined ? undefined : tfText(props.description),
      memSize: props.memorySizeMb ?? DEFAULT_MEMORY_MB,
      timeout: props.timeoutSeconds ?? 300,
      environment: this.rendered(),
      role: this.role.roleName,
      zipFile: props.code.bind(this),
      // SCF honours "off" only inside a VPC; outside, an explicit "on" keeps the plan free of a difference.
      // Fact: docs/design/facts/provider.md#function.
      enablePublicNet: props.publicNetwork ?? vpc === undefined,
      vpcId: vpc?.vpcId,
      subnetId: vpc?.subnetId,
      clsTopicId: logTopic?.topicId,
      clsLogsetId: logTopic === undefined ? undefined : logsetIdOf(this, "logTopic", logTopic),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    // SCF changes a function's runtime no more once it is made.
    replaceWhenChanges(resource, { runtime });
    return resource;
  }
}

const DEFAULT_MEMORY_MB = 256;

/** Framework validations are plain text, so that the code is part of the message. */
const ENVIRONMENT_LOST = "LOGS_ENVIRONMENT_LOST";

/** File and export of the package's handlers, and the default of all others. */
const PREBUILT_EXPORT = "index.main_handler";

class ImportedFunction extends LogConstruct implements ILogFunction {
  readonly functionName: string;
  readonly namespace: string;
  readonly region: string;
  readonly identity: string;
  readonly role: IFunctionRole;
  readonly logTopic?: ILogTopic;
  readonly provider?: TerraformProvider;

  constructor(scope: Construct, id: string, given: LogFunctionAttributes) {
    super(scope, id);
    const checks = new Checks(this);
    const attributes = readProps(checks, ATTRIBUTES, given);
    checks.throwIfAny();
    this.functionName = attributes.functionName;
    this.namespace = attributes.namespace ?? "default";
    this.region = regionOfMade(this, attributes);
    this.identity = attributes.functionName;
    this.role = attributes.role;
    this.logTopic = attributes.logTopic;
    this.provider = attributes.provider;
  }

  addToPolicy(statement: PolicyStatement): void {
    this.role.addToPolicy(statement);
  }
}

/** Checks what {@link FunctionRuntimeProps} say together. */
export function checkFunction(checks: Checks, props: FunctionRuntimeProps): void {
  checks.that(
    props.publicNetwork !== false || props.vpc !== undefined,
    "LOGS_FUNCTION_NETWORK",
    () => "publicNetwork must be left on without vpc, got false; SCF would turn it on again",
  );
  checkFailure(checks, props, props.memorySizeMb ?? DEFAULT_MEMORY_MB);
}
