import type { scfTrigger } from "@cdktf/provider-tencentcloud";
import { Checks, refuse } from "../errors";
import { Construct, tfText } from "../framework";
import type { IEventSource, ILogFunction } from "./event-source";
import { makeTrigger, type TriggerProps } from "./trigger";

export interface TimerEventSourceProps extends TriggerProps {
  /** Seven fields: second, minute, hour, day, month, weekday, year, like `0 *\/5 * * * * *` (in the time of Beijing). */
  readonly cron: string;
  /**
   * Tells the timers of a function apart: 1 to 100 letters, digits, `-` and `_`.
   * @default "timer"
   */
  readonly triggerName?: string;
  /**
   * Text that the event carries as `Message`.
   * @default none
   */
  readonly message?: string;
}

/** Invokes a function by the clock (`tencentcloud_scf_trigger`). */
export class TimerEventSource implements IEventSource {
  constructor(private readonly props: TimerEventSourceProps) {}

  bind(target: ILogFunction): TimerTrigger {
    const { triggerName = "timer" } = this.props;
    const id = `Timer-${triggerName}`;
    if (target.node.tryFindChild(id) !== undefined) {
      refuse(
        target,
        "LOGS_TIMER_DUPLICATE",
        `triggerName must be one of its own for each timer of a function, got ${JSON.stringify(triggerName)} again; ` +
          `choose another name`,
      );
    }
    return new TimerTrigger(target, id, { ...this.props, triggerName });
  }
}

/** The trigger that a {@link TimerEventSource} makes. */
export class TimerTrigger extends Construct {
  readonly resource: scfTrigger.ScfTrigger;

  constructor(target: ILogFunction, id: string, props: TimerEventSourceProps & { readonly triggerName: string }) {
    super(target, id);
    new Checks(this)
      .pattern(
        "cron",
        props.cron,
        /^\S+( \S+){6}$/,
        "must have seven fields: second, minute, hour, day, month, weekday, year",
        "write it like 0 */5 * * * * *",
        "LOGS_TIMER_CRON",
      )
      .pattern(
        "triggerName",
        props.triggerName,
        /^[A-Za-z0-9_-]{1,100}$/,
        "must have 1 to 100 letters, digits, - and _",
        "choose another name",
        "LOGS_TIMER_NAME",
      )
      .throwIfAny();

    this.resource = makeTrigger(this, target, {
      ...props,
      type: "timer",
      description: tfText(props.cron),
      customArgument: props.message === undefined ? undefined : tfText(props.message),
      isUpdated: true,
    });
  }
}
