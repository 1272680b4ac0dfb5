import type { ILogTopic } from "../cls/topic";
import type { Checks } from "../errors";
import type { TerraformProvider, TerraformStack } from "../framework";
import type { FunctionRuntimeProps } from "../scf/function-props";
import type { LogMonitorProps } from "./props";
import { makerOf } from "./source";

/** Where a monitor creates functions. All topics of a place are delivered to one function. */
export interface FunctionPlace {
  /** Undefined for the monitor's own stack. */
  readonly stack?: TerraformStack;
  readonly provider?: TerraformProvider;
  logTopic?: ILogTopic;
  /** The prop that sets it. */
  logTopicProp: string;
  vpc?: FunctionRuntimeProps["vpc"];
  /** Indexes of the sources that are pushed to its function. */
  readonly sources: number[];
}

/**
 * Returns the places of a monitor's functions, beginning with that of the sweeper. SCF writes logs to a topic of the
 * function's own region and runs in a subnet of that region. The monitor's `logTopic` and `vpc` therefore apply to
 * functions of its own provider, and sources set those of other providers.
 */
export function placesOf(checks: Checks, props: LogMonitorProps): FunctionPlace[] {
  const { alarm, logTopic, provider, sources, vpc } = props;
  const places: FunctionPlace[] = [{ provider, logTopic, logTopicProp: "logTopic", vpc, sources: [] }];
  sources.forEach((source, index) => {
    if (source.stream !== undefined) return;
    const { form, stack } = source;
    const maker = makerOf(source, provider);
    let place = places.find((one) => one.stack === stack && one.provider === maker);
    const logTopicProp = `sources[${index}].logTopic`;
    if (!place) places.push((place = { stack, provider: maker, logTopicProp, sources: [] }));
    if (form !== "pull") place.sources.push(index);
    for (const differing of differingIn(source, place)) {
      checks.that(
        false,
        "LOGS_MONITOR",
        () =>
          `sources[${index}].${differing} must be that of all sources of its provider, which one function serves, got another; ` +
          `name it once`,
      );
    }
    if (source.logTopic !== undefined && place.logTopic === undefined) place.logTopicProp = logTopicProp;
    place.logTopic = source.logTopic ?? place.logTopic;
    place.vpc = source.vpc ?? place.vpc;
  });
  if (alarm === undefined) return places;
  for (const [number, place] of places.entries()) {
    if (place.logTopic !== undefined || (number > 0 && place.sources.length === 0)) continue;
    const prop = number === 0 ? "logTopic" : `sources[${place.sources[0]}].logTopic`;
    const remedy = "name a topic with FUNCTION_LOG_INDEX, or leave alarm out";
    checks.that(false, "LOGS_MONITOR", () => `${prop} must be given, since alarm looks at it, got nothing; ${remedy}`);
  }
  return places;
}

/** Props of a source that differ from those of other sources in its place. */
function differingIn(source: Pick<FunctionPlace, "logTopic" | "vpc">, place: FunctionPlace): string[] {
  const isOther = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  return [
    ...(isOther(source.logTopic?.topicId, place.logTopic?.topicId) ? ["logTopic"] : []),
    ...(["vpcId", "subnetId"] as const)
      .filter((name) => isOther(source.vpc?.[name], place.vpc?.[name]))
      .map((name) => `vpc.${name}`),
  ];
}
