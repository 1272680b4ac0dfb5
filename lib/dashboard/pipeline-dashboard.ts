import { clsDashboard } from "@cdktf/provider-tencentcloud";
import { logsetIdOf, type ILogTopic } from "../cls/topic";
import { COMMON_PROPS, type CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { checkAtSynth, Checks, refuse } from "../errors";
import { tfJson, tfTags, tfText, type Construct } from "../framework";
import { physicalName } from "../naming";
import { instance, integer, knownAtSynth, required, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { knownRegion } from "../region";
import { requireLogIndex } from "../scf/failure-alarm";
import type { LogFunction } from "../scf/function";
import { claimName, inAccount } from "../unique-names";
import { panelsOf } from "./panels";
import { REGION_IDS } from "./region-ids";

/** A pipeline in the form that a {@link PipelineDashboard} uses: a `CosBatchPipeline` or a `ClsStreamPipeline`. */
export interface IDashboardPipeline {
  /** Function whose summaries are shown. */
  readonly function: LogFunction;
  /** Names of the pipeline's outputs. */
  readonly outputNames: readonly string[];
}

/** Props of a {@link PipelineDashboard}. */
export interface PipelineDashboardProps extends CommonProps {
  /** A `CosBatchPipeline` or a `ClsStreamPipeline` with a `logTopic` whose index is {@link FUNCTION_LOG_INDEX}. */
  readonly pipeline: IDashboardPipeline;
  /**
   * Name of the dashboard, unique in the account: 1 to 64 characters without `|`.
   * @default the construct's path and a short hash of it
   */
  readonly dashboardName?: string;
  /**
   * Minutes per point of a chart, 1 to 1440.
   * @default 10
   */
  readonly intervalMinutes?: number;
}

const PROPS: PropTable<PipelineDashboardProps> = {
  ...COMMON_PROPS,
  pipeline: required(
    instance<IDashboardPipeline>("a pipeline", "make a CosBatchPipeline or a ClsStreamPipeline", {
      others: ["function", "outputNames"],
    }),
    "say whose summaries are shown",
  ),
  dashboardName: textThat(
    /^[^|]{1,64}$/u,
    "must have 1 to 64 characters, none of them |",
    "write it like access-pipeline",
    "LOGS_DASHBOARD_NAME",
  ),
  intervalMinutes: knownAtSynth(integer({ min: 1, max: 1440, unit: "minutes" }, "LOGS_DASHBOARD_INTERVAL")),
};

/**
 * A dashboard in CLS's console for a pipeline (`tencentcloud_cls_dashboard`). It shows what the pipeline's function
 * reports for each invocation: records, invalid lines, quarantine, failed invocations, duration, bytes, and the records
 * of each output. The charts search the function's log, so the pipeline needs a `logTopic` with the index
 * {@link FUNCTION_LOG_INDEX}.
 */
export class PipelineDashboard extends LogConstruct {
  /** The underlying resource, `tencentcloud_cls_dashboard`. */
  readonly resource: clsDashboard.ClsDashboard;
  /** Name of the dashboard. */
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, given: PipelineDashboardProps) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();
    const { intervalMinutes: minutes = 10, pipeline, provider, tags } = props;
    this.dashboardName = props.dashboardName ?? physicalName(this, { maxLength: 64 });
    claimName(this, {
      prop: "dashboardName",
      name: this.dashboardName,
      within: "its account",
      whole: inAccount(this, provider),
    });
    const topic = this.logTopicOf(pipeline);
    const source = {
      functionName: pipeline.function.functionName,
      outputNames: pipeline.outputNames,
      logsetId: logsetIdOf(this, "pipeline.logTopic", topic),
      topicId: topic.topicId,
      minutes,
    };
    checkAtSynth(this, (found) => this.checkRegion(found, pipeline));
    this.resource = new clsDashboard.ClsDashboard(this, "Resource", {
      dashboardName: tfText(this.dashboardName),
      data: tfJson(() => ({ panels: panelsOf({ ...source, regionId: this.regionIdOf(pipeline) ?? 0 }) })),
      tags: tfTags(tags),
      provider,
    });
  }

  private logTopicOf({ function: { logTopic } }: IDashboardPipeline): ILogTopic {
    if (logTopic === undefined) {
      refuse(
        this,
        "LOGS_DASHBOARD_TOPIC",
        "pipeline must have a log to show, got one without logTopic; give it a logTopic with FUNCTION_LOG_INDEX",
      );
    }
    const names = ["SCF_FunctionName", "SCF_Message", "SCF_StatusCode"];
    requireLogIndex(this, logTopic, { prop: "pipeline.logTopic", names, searcher: "the dashboard" });
    return logTopic;
  }

  private regionIdOf(pipeline: IDashboardPipeline): number | undefined {
    return REGION_IDS[knownRegion(this, pipeline.function.region) ?? ""];
  }

  /** Charts refer to the region by its number. */
  private checkRegion(checks: Checks, pipeline: IDashboardPipeline): void {
    checks.that(
      this.regionIdOf(pipeline) !== undefined,
      "LOGS_DASHBOARD_REGION",
      () =>
        `pipeline must be in a region whose number is known, got ` +
        `${knownRegion(this, pipeline.function.region) ?? "one that only the plan knows"}; ` +
        `set the region of the provider, or leave the dashboard out`,
    );
  }
}
