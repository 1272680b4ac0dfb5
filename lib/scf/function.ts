import { scfFunction } from "@cdktf/provider-tencentcloud";
import { logsetIdOf, type ILogTopic } from "../cls/topic";
import type { IFunctionRole, PolicyStatement } from "../cam/grantee";
import { FunctionRole } from "../cam/role";
import { LogConstruct } from "../construct";
import { alreadyChecked, Checks, isChecked, refuse, shown, warnUnless } from "../errors";
import { refuseLiveTopic } from "../live/live-log";
import { wrapperFor, type Wrapper } from "../live/wrapper";
import { type HandlerName, type HandlerSettings, SECRET_PREFIX } from "../../functions/settings";
import { isToken, replaceWhenChanges, tfTags, tfText, type Construct, type TerraformProvider } from "../framework";
import { physicalName } from "../naming";
import { freeText, instance, secret, text } from "../props/kinds";
import { readArgument, readProps } from "../props/prop";
import { regionOfMade } from "../region";
import { claimName, inRegion } from "../unique-names";
import { CODE_ID, DEFAULT_HANDLER, type CodeUse, type FunctionCode } from "./code";
import { checkEnvironment, renderEnvironment, type FunctionVariables } from "./environment";
import type { IEventSource, ILogFunction } from "./event-source";
import { configureFailure } from "./failure";
import { FailureAlarm } from "./failure-alarm";
import {
  ATTRIBUTES,
  checkFunction,
  DEFAULT_MEMORY_MB,
  DEFAULT_TIMEOUT_SECONDS,
  FUNCTION_PROPS,
  type FunctionRuntimeProps,
  type LogFunctionAttributes,
  type LogFunctionProps,
} from "./function-props";
import { networkTo } from "./network";
import { checkSettings } from "./settings";

export type { FunctionRuntimeProps, LogFunctionAttributes, LogFunctionProps } from "./function-props";

const eventSource = instance<IEventSource>(
  "an event source",
  "make a CosEventSource, a ClsEventSource or a TimerEventSource",
  { others: ["bind"] },
);

/** An event function with its role (`tencentcloud_scf_function`). */
export class LogFunction extends LogConstruct implements ILogFunction {
  /** Imports an existing function, to add event sources of this stack to it. */
  static fromFunctionAttributes(scope: Construct, id: string, attributes: LogFunctionAttributes): ILogFunction {
    return new ImportedFunction(scope, id, attributes);
  }

  /** The underlying resource, `tencentcloud_scf_function`. */
  readonly resource: scfFunction.ScfFunction;
  readonly role: IFunctionRole;
  /** Name of the function, unique in its namespace. */
  readonly functionName: string;
  /** Namespace of the function. */
  readonly namespace: string;
  /** Region of the function. */
  readonly region: string;
  readonly identity: string;
  readonly logTopic?: ILogTopic;
  readonly alarm?: FailureAlarm;
  readonly provider?: TerraformProvider;
  /** Memory of an instance in MB. */
  readonly memorySizeMb: number;
  /** Subnet of the function, if it has one. */
  readonly vpc?: FunctionRuntimeProps["vpc"];
  private readonly publicNetwork: boolean | undefined;
  /** The package's handler that the function runs, if it runs one. */
  readonly prebuilt?: HandlerName;
  private variables: FunctionVariables;
  private readonly codeUse: CodeUse;

  constructor(scope: Construct, id: string, given: LogFunctionProps) {
    super(scope, id);
    const { props, variables } = this.read(given);
    this.prebuilt = props.code.handler;
    this.provider = props.provider;
    this.region = regionOfMade(this, props);
    this.role =
      props.role ?? new FunctionRole(this, "Role", alreadyChecked({ provider: props.provider, tags: props.tags }));
    this.logTopic = props.logTopic;
    refuseLiveTopic(this);
    this.vpc = props.vpc;
    this.memorySizeMb = props.memorySizeMb ?? DEFAULT_MEMORY_MB;
    this.publicNetwork = props.publicNetwork;
    this.variables = this.withLiveLog(props, variables);
    this.codeUse = codeUseOf(props);
    this.resource = this.makeFunction(props);
    this.functionName = this.resource.name;
    this.namespace = props.namespace ?? "default";
    this.identity = this.resource.functionId;
    props.liveLog?.watch(this);
    this.node.addValidation({ validate: () => this.lostVariables() });
    configureFailure(this, props);
    const { alarm, provider, tags } = props;
    if (alarm !== undefined) {
      const leavesNotes = this.prebuilt !== undefined;
      this.alarm = new FailureAlarm(this, "Alarm", { ...alarm, leavesNotes, provider, tags });
    }
  }

  /** Topic of the function's own log: `logTopic`, or the topic that SCF provides. */
  get ownLog(): { readonly topicId: string; readonly logsetId?: string } {
    const { clsLogsetId, clsTopicId } = this.resource;
    return this.logTopic ?? { topicId: clsTopicId, logsetId: clsLogsetId };
  }

  /** Adds a statement to the role's policy. */
  addToPolicy(statement: PolicyStatement): void {
    this.role.addToPolicy(statement);
  }

  /** Adds an event source that invokes the function. */
  addEventSource(source: IEventSource): void {
    readArgument(new Checks(this), "source", eventSource, source);
    source.bind(this);
  }

  /**
   * Sets an environment variable, like the prop `environment`. Rules read it with `res_local(name)`.
   *
   * @param name letters, digits and `_`, beginning with a letter; the function must not have a variable of that name
   * @throws LogsError if the name is not valid or taken, or the variables exceed 4,096 bytes
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
   * Sets the handler's settings, as JSON in `LOGS_SETTINGS`. Call it once; settings with a default can be left out. Use
   * it instead of the prop `settings` if the settings depend on the function, such as those that an output's `bind`
   * returns.
   *
   * @throws LogsError if the settings are not valid, were already set, or the code is not a handler of the package
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
   * Replaces the additional files and the settings of one of the package's handlers, for what is added to a pipeline
   * after its creation.
   */
  rebuild(code: FunctionCode, settings: HandlerSettings): void {
    const checks = new Checks(this);
    const whole = checkSettings(checks, this.prebuilt, settings);
    checks.throwIfAny();
    this.node.tryRemoveChild(CODE_ID);
    this.resource.zipFile = code.bind(this, this.codeUse);
    this.changeVariables({ ...this.variables, settings: whole });
  }

  /**
   * Sets the variable `LOGS_SECRET_<NAME>` and returns its full name. Setting the same value again has no effect.
   *
   * @param value a value that only the plan knows, such as the `stringValue` of a sensitive `TerraformVariable`
   * @throws LogsError if the value is a literal, or the variable already has another value
   */
  addSecret(name: string, value: string): string {
    readArgument(new Checks(this), "name", text, name);
    const known = readArgument(new Checks(this), name, secret, value);
    const variable = SECRET_PREFIX + name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
    const { secrets } = this.variables;
    if (secrets[variable] !== undefined && secrets[variable] !== known) {
      refuse(
        this,
        "LOGS_SECRET_NAME",
        `${variable} must be set once, got a second value; rename the output or receiver`,
      );
    }
    this.changeVariables({ ...this.variables, secrets: { ...secrets, [variable]: known } });
    return variable;
  }

  /** Gives a function in a subnet access to the public network too, unless `publicNetwork` was set. */
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

  /** Reports variables that were removed through the handle `.resource` as an error of the framework's validation. */
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

  /** Returns the checked props, and the variables that they require. */
  private read(given: LogFunctionProps): { props: LogFunctionProps; variables: FunctionVariables } {
    const checks = new Checks(this);
    const props = readProps(checks, FUNCTION_PROPS, given);
    const { code, environment = {}, handler, runtime, settings } = props;
    if (!isChecked(given)) checkFunction(checks, props);
    const whole = settings && checkSettings(checks, code.handler, settings);
    const variables: FunctionVariables = { environment, secrets: {}, settings: whole };
    checkEnvironment(checks, variables);
    const known = code.handler === undefined ? code.mainHandler : DEFAULT_HANDLER;
    checks
      .that(
        known === undefined || handler === undefined || handler === known,
        "LOGS_HANDLER",
        () =>
          `handler must be left out beside ${code.handler === undefined ? "code that names it" : "a handler of the package"}, ` +
          `got ${JSON.stringify(handler)}; leave it out`,
      )
      .that(
        props.liveLog === undefined || wrapperOf(props) !== undefined,
        "LOGS_LIVE_RUNTIME",
        () =>
          `liveLog must be for functions of Node.js or Python 3, got runtime ${shown(runtime)}; leave liveLog out, ` +
          `tencent-logs tail shows what SCF writes to logTopic`,
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

  /** The variables, with those of the reporter if the function has one. */
  private withLiveLog(props: LogFunctionProps, variables: FunctionVariables): FunctionVariables {
    const { liveLog } = props;
    if (liveLog === undefined) return variables;
    const network = networkTo(this, { path: "liveLog", given: undefined, region: liveLog.region });
    const whole = { ...variables, live: liveLog.settings({ handler: handlerOf(props), network }) };
    const checks = new Checks(this);
    checkEnvironment(checks, whole);
    checks.throwIfAny();
    return whole;
  }

  private makeFunction(props: LogFunctionProps): scfFunction.ScfFunction {
    const { logTopic, namespace = "default", runtime = DEFAULT_RUNTIME, vpc } = props;
    const wrapper = props.liveLog && wrapperOf(props);
    const name = props.functionName ?? physicalName(this, { maxLength: 60 });
    const whole = [...inRegion(this, props.provider), namespace];
    claimName(this, { prop: "functionName", name, within: "its namespace", whole });
    const resource = new scfFunction.ScfFunction(this, "Resource", {
      name: tfText(name),
      namespace,
      handler: wrapper?.handler ?? handlerOf(props),
      runtime,
      description: props.description === undefined ? undefined : tfText(props.description),
      memSize: this.memorySizeMb,
      timeout: props.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      environment: this.rendered(),
      role: this.role.roleName,
      zipFile: props.code.bind(this, this.codeUse),
      // SCF honors "off" only inside a VPC; outside, an explicit "on" keeps the plan free of a difference. Fact:
      // docs/design/facts/provider.md#function.
      enablePublicNet: props.publicNetwork ?? vpc === undefined,
      vpcId: vpc?.vpcId,
      subnetId: vpc?.subnetId,
      clsTopicId: logTopic?.topicId,
      clsLogsetId: logTopic === undefined ? undefined : logsetIdOf(this, "logTopic", logTopic),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    // SCF cannot change the runtime of an existing function.
    replaceWhenChanges(resource, { runtime });
    return resource;
  }
}

/** The framework's validations are plain text, so the code is part of the message. */
const ENVIRONMENT_LOST = "LOGS_ENVIRONMENT_LOST";

const DEFAULT_RUNTIME = "Nodejs18.15";

/** The user's own handler. */
function handlerOf({ code, handler }: LogFunctionProps): string {
  return handler ?? code.mainHandler ?? DEFAULT_HANDLER;
}

/** The wrapper that calls it if the function has a live log. */
function wrapperOf({ runtime = DEFAULT_RUNTIME }: LogFunctionProps): Wrapper | undefined {
  return wrapperFor(runtime);
}

/** How the code is called, and which files are added to it. */
function codeUseOf(props: LogFunctionProps): CodeUse {
  const wrapper = props.liveLog && wrapperOf(props);
  const beside = wrapper && { files: wrapper.files(), prop: "liveLog" };
  return { handler: handlerOf(props), runtime: props.runtime ?? DEFAULT_RUNTIME, beside };
}

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
