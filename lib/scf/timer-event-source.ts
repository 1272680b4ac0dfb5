import type { scfTrigger } from "@cdktf/provider-tencentcloud";
import type { HandlerName } from "../../functions/settings";
import { LogConstruct } from "../construct";
import { Checks, refuse } from "../errors";
import { isToken, tfText } from "../framework";
import { freeText, knownAtSynth, required, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { cronFault } from "./cron";
import { refuseHandler, type IEventSource, type ILogFunction } from "./event-source";
import { makeTrigger, TRIGGER_PROPS, type TriggerProps } from "./trigger";

/** Props of a {@link TimerEventSource}. */
export interface TimerEventSourceProps extends TriggerProps {
  /**
   * Timer expression with seven fields: second, minute, hour, day, month, weekday and year, such as `0 *\/5 * * * * *`,
   * in Beijing time. Each field supports `,`, `-`, `*` and `/`. Months and weekdays can be names, such as `JAN` and
   * `SUN`.
   */
  readonly cron: string;
  /**
   * Name of the timer, unique in the function: 1 to 100 letters, digits, `-` and `_`.
   * @default "timer"
   */
  readonly triggerName?: string;
  /**
   * Text that the event contains as `Message`.
   * @default none
   */
  readonly message?: string;
}

const PROPS: PropTable<TimerEventSourceProps> = {
  ...TRIGGER_PROPS,
  cron: required(freeText, "write it like 0 */5 * * * * *"),
  // Part of the construct's id.
  triggerName: knownAtSynth(
    textThat(
      /^[A-Za-z0-9_-]{1,100}$/,
      "must have 1 to 100 letters, digits, - and _",
      "choose another name",
      "LOGS_TIMER_NAME",
    ),
  ),
  message: freeText,
};

/**
 * Invokes a function of your own on a schedule (`tencentcloud_scf_trigger`). The package's handlers do not support this
 * event.
 */
export class TimerEventSource implements IEventSource {
  constructor(private readonly props: TimerEventSourceProps) {}

  bind(target: ILogFunction): TimerTrigger {
    const props = readTimer(new Checks(target), this.props);
    const { triggerName = "timer" } = props;
    const id = `Timer-${triggerName}`;
    if (target.node.tryFindChild(id) !== undefined) {
      refuse(
        target,
        "LOGS_TIMER_DUPLICATE",
        `triggerName must be one of its own for each timer of a function, got ${JSON.stringify(triggerName)} again; ` +
          `choose another name`,
      );
    }
    return new TimerTrigger(target, id, { ...props, triggerName });
  }
}

/**
 * The message of the timer of a pipeline's `catchUp`: the only timer message that the handlers of pipelines support.
 */
export const CATCH_UP_MESSAGE = JSON.stringify({ action: "catch-up" });

/** The trigger that a {@link TimerEventSource} creates. */
export class TimerTrigger extends LogConstruct {
  /** The underlying resource, `tencentcloud_scf_trigger`. */
  readonly resource: scfTrigger.ScfTrigger;

  constructor(target: ILogFunction, id: string, given: TimerEventSourceProps) {
    super(target, id);
    refuseHandler(target, "a timer", handlersFor(given));
    const { triggerName = "timer", ...props } = readTimer(new Checks(this), given);
    this.resource = makeTrigger(this, target, {
      ...props,
      triggerName,
      type: "timer",
      description: tfText(props.cron),
      customArgument: props.message === undefined ? undefined : tfText(props.message),
      isUpdated: true,
    });
  }
}

/** The package's handlers that support a timer. Props from plain JavaScript are checked only after this. */
function handlersFor(given: Partial<TimerEventSourceProps> | undefined): readonly HandlerName[] {
  return given?.message === CATCH_UP_MESSAGE ? ["cos-batch", "cls-stream"] : ["monitor"];
}

function readTimer(checks: Checks, given: TimerEventSourceProps): TimerEventSourceProps {
  const props = readProps(checks, PROPS, given);
  const { cron } = props;
  const fault = isToken(cron) ? undefined : cronFault(cron);
  checks
    .that(
      fault === undefined,
      "LOGS_TIMER_CRON",
      () =>
        `cron must have seven fields: second, minute, hour, day, month, weekday, year, got ${JSON.stringify(cron)}: ` +
        `${fault}; write it like 0 */5 * * * * *`,
    )
    .throwIfAny();
  return props;
}
