import { topicProp, type ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import type { Checks } from "../errors";
import { Construct, isToken, TerraformStack, type TerraformProvider } from "../framework";
import type { ClsStreamPipeline } from "../pipelines/cls-stream-pipeline";
import { instance, knownAtSynth, oneOf, textThat } from "../props/kinds";
import type { OptionalProp, PropTable } from "../props/prop";
import { providerProp } from "../provider";
import { regionOf } from "../region";
import { RUNTIME_PROPS, type FunctionRuntimeProps } from "../scf/function-props";
import { ofDefinition } from "./of-definition";

/** A topic to watch, or a stream that watches its own topic. */
export interface MonitorSource {
  /**
   * Topic to watch. Set either this or `stream`.
   * @default that of `stream`
   */
  readonly topic?: ILogTopic;
  /**
   * A pipeline whose own function watches its topic, so that CLS delivers each record only once. An alert waits for up
   * to the pipeline's `maxWaitSeconds`.
   * @default none: a function of the monitor watches the topic
   */
  readonly stream?: ClsStreamPipeline;
  /**
   * Provider of the topic's region. It creates the function that the records are delivered to.
   * @default the provider of the monitor; with `stack`, that of the stack
   */
  readonly provider?: TerraformProvider;
  /**
   * Another stack of the app to create the function in, for apps with one stack per region. It depends on the monitor's
   * stack, which contains the shared resources.
   * @default the monitor's stack
   */
  readonly stack?: TerraformStack;
  /**
   * Name of the source in alerts and in the definition: 1 to 64 letters, digits, `-` and `_`, beginning with a letter.
   * @default the id of the topic's construct, else "source"; with a number if the name is taken
   */
  readonly name?: string;
  /**
   * Labels of alerts about its records, which routes select by. `source` and `region` are always set.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * How records are read. `push`: CLS delivers them to a function. `pull`: a process of yours reads them
   * (`tencent-logs monitor run`), and no function is created.
   * @default "push"
   */
  readonly form?: "push" | "pull";
  /**
   * With `form: "pull"`: a filter in CLS's processing language, such as `log_keep(op_eq(v("level"), "ERROR"))`, which
   * CLS applies before it answers. It saves traffic. It is not confirmed that CLS never leaves out a record that the
   * filter should keep, so `match` alone is the safe choice.
   * @default none
   */
  readonly query?: string;
  /**
   * Topic for the own log of the function that this source's provider creates, in the same region. It must not be one
   * of the sources.
   * @default that of the monitor if both have the same provider, else the topic that SCF provides
   */
  readonly logTopic?: ILogTopic;
  /**
   * Subnet for the function that this source's provider creates, in the same region.
   * @default that of the monitor if both have the same provider, else none
   */
  readonly vpc?: FunctionRuntimeProps["vpc"];
}

/** A checked {@link MonitorSource} with its topic, name and region. */
export interface NamedSource extends MonitorSource {
  readonly topic: ILogTopic;
  readonly name: string;
  readonly region: string;
  /**
   * Whether the function that watches it is in another stack. The monitor's stack must not refer to that stack, because
   * that stack refers to the monitor's.
   */
  readonly isFar: boolean;
}

export const NAME = knownAtSynth(
  textThat(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    "must have 1 to 64 letters, digits, - and _ that begin with a letter",
    "choose another name",
    "LOGS_MONITOR",
  ),
);

const streamProp: OptionalProp<ClsStreamPipeline> = instance(
  "a stream pipeline",
  "make a ClsStreamPipeline; the pipeline of a RuleTransform is one where a function runs its rules",
  { others: ["topic", "function", "addMonitor"] },
);

const stackProp: OptionalProp<TerraformStack> = instance("a stack", "pass a TerraformStack of the app", {
  others: ["node", "toTerraform"],
});

export const SOURCE: PropTable<MonitorSource> = {
  topic: topicProp,
  stream: streamProp,
  provider: providerProp,
  stack: stackProp,
  name: NAME,
  labels: ofDefinition(),
  form: knownAtSynth(oneOf(["push", "pull"], "leave it out for push", "LOGS_MONITOR")),
  query: ofDefinition(),
  logTopic: topicProp,
  vpc: RUNTIME_PROPS.vpc,
};

/** Props that are useless with a stream, which has a function, and with `form: "pull"`, which has none. */
const OF_FUNCTIONS = ["stack", "logTopic", "vpc"] as const;

/** Whether a source has either a topic or a stream. */
export function hasTopic({ stream, topic }: MonitorSource): boolean {
  return (topic === undefined) !== (stream === undefined);
}

/** Checks the props of sources together. */
export function checkSources(checks: Checks, sources: readonly MonitorSource[]): void {
  sources.forEach((source, index) => {
    const path = `sources[${index}]`;
    checks.that(
      hasTopic(source),
      "LOGS_MONITOR",
      () =>
        `${path} must have a topic or a stream, got ${source.topic ? "both" : "neither"}; ` +
        `name the stream where one is to watch its own topic, else the topic`,
    );
    const others = [
      ...(source.stream ? ([...OF_FUNCTIONS, "provider", "form"] as const) : []),
      ...(source.form === "pull" ? OF_FUNCTIONS : []),
    ];
    for (const name of new Set(others)) {
      const beside = source.stream ? "stream, whose function is there" : 'form "pull", which has no function';
      checks.that(
        source[name] === undefined,
        "LOGS_MONITOR",
        () => `${path}.${name} must be left out beside ${beside}, got it; leave it out`,
      );
    }
  });
}

/** The provider that creates a source's function; undefined for the provider of its stack. */
export function makerOf(source: MonitorSource, monitors: TerraformProvider | undefined): TerraformProvider | undefined {
  return source.provider ?? (source.stack === undefined ? monitors : undefined);
}

/** Sources with their topics, names and regions. They must be checked already. */
export function namedSources(
  scope: Construct,
  sources: readonly MonitorSource[],
  provider: TerraformProvider | undefined,
): NamedSource[] {
  const names = sourceNames(sources);
  const own = TerraformStack.of(scope);
  return sources.map((source, index) => {
    const { stack, stream } = source;
    const topic = topicOf(source);
    const maker = makerOf(source, provider);
    const region = topic.region ?? stream?.function.region ?? regionOf(stack ?? scope, { provider: maker });
    const holder = stream ? TerraformStack.of(stream) : (stack ?? own);
    return { ...source, topic, name: names[index], region, isFar: holder !== own };
  });
}

/**
 * Refuses references from the monitor's stack to a stack with a function of the monitor: that stack refers to the
 * monitor's, and Terraform does not allow cycles.
 */
export function refuseCircles(
  checks: Checks,
  scope: Construct,
  sources: readonly NamedSource[],
  { bucket, records }: { readonly bucket?: ILogBucket; readonly records?: ILogTopic },
): void {
  const own = TerraformStack.of(scope);
  const far = sources.flatMap(({ isFar, stack, stream }) =>
    isFar ? [stream ? TerraformStack.of(stream) : stack] : [],
  );
  const near = sources.flatMap(({ isFar, topic }, index) =>
    isFar ? [] : [[`sources[${index}].topic`, topic] as const],
  );
  for (const [prop, used] of [...near, ["bucket", bucket] as const, ["records", records] as const]) {
    if (!Construct.isConstruct(used)) continue;
    const stack = TerraformStack.of(used);
    checks.that(
      stack === own || !far.includes(stack),
      "LOGS_MONITOR",
      () =>
        `${prop} must not be of a stack that holds a function of the monitor, got one of ${stack.node.path}: each of the two ` +
        `stacks would wait for the other; make it in another stack, or name it by its id`,
    );
  }
}

/**
 * The id of a source's topic as the monitor's stack can write it; for a topic of another stack whose id it cannot know,
 * the construct's path.
 */
export function topicIdOf({ isFar, name, topic }: NamedSource): string {
  if (!isFar || !isToken(topic.topicId)) return topic.topicId;
  return Construct.isConstruct(topic) ? topic.node.path : name;
}

/** Names of sources: their own, or those of the topics' constructs, with a number if a name is taken. */
function sourceNames(sources: readonly MonitorSource[]): string[] {
  const taken = new Set(sources.map(({ name }) => name));
  return sources.map((source) => {
    if (source.name !== undefined) return source.name;
    const topic = topicOf(source);
    const id = Construct.isConstruct(topic) ? topic.node.id.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 60) : "source";
    const base = /^[A-Za-z]/.test(id) ? id : "source";
    let free = base;
    for (let number = 2; taken.has(free); number++) free = `${base}${number}`;
    taken.add(free);
    return free;
  });
}

function topicOf({ stream, topic }: MonitorSource): ILogTopic {
  return (stream?.topic ?? topic) as ILogTopic;
}
