import type { HandlerSettings } from "../../functions/settings";
import { appIdOf } from "../account";
import type { ILogBucket } from "../cos/bucket";
import type { Checks } from "../errors";
import { isToken, type Construct } from "../framework";
import { flag, integer, knownAtSynth } from "../props/kinds";
import type { PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { CATCH_UP_MESSAGE, TimerTrigger } from "../scf/timer-event-source";

/** What a pipeline's function does by a timer of its own. */
export interface CatchUpProps {
  /**
   * Minutes between two, 1 to 60, of which an hour is a multiple. What waits in quarantine is tried again after ten minutes
   * at the earliest.
   * @default 15
   */
  readonly everyMinutes?: number;
}

/** The same for a pipeline that reads objects. */
export interface BatchCatchUpProps extends CatchUpProps {
  /**
   * Whether objects are looked for that nobody has read, because their event never came or came to no end. Each object that
   * is read leaves a receipt then: one request to COS more.
   * @default true
   */
  readonly sweep?: boolean;
  /**
   * How far back they are looked for, in hours, 1 to 168; never before the timer's first time.
   * @default 24
   */
  readonly lookbackHours?: number;
}

export const CATCH_UP_PROPS: PropTable<CatchUpProps> = {
  // Part of a timer's expression.
  everyMinutes: knownAtSynth(integer({ min: 1, max: 60, unit: "minutes" }, "LOGS_CATCH_UP")),
};

export const BATCH_CATCH_UP_PROPS: PropTable<BatchCatchUpProps> = {
  ...CATCH_UP_PROPS,
  sweep: knownAtSynth(flag),
  lookbackHours: integer({ min: 1, max: 168, unit: "hours" }, "LOGS_CATCH_UP"),
};

/** Checks what the props say together. */
export function checkCatchUp(
  checks: Checks,
  { everyMinutes = 15, lookbackHours, sweep }: BatchCatchUpProps = {},
): void {
  checks
    .that(
      !(everyMinutes >= 1 && everyMinutes <= 60) || 60 % everyMinutes === 0,
      "LOGS_CATCH_UP",
      () => `catchUp.everyMinutes must divide an hour, got ${everyMinutes}; choose 1, 5, 10, 15, 20, 30 or 60`,
    )
    .that(
      sweep !== false || lookbackHours === undefined,
      "LOGS_CATCH_UP",
      () => `catchUp.lookbackHours must be left out beside sweep: false, got ${lookbackHours}; nothing is looked for`,
    );
}

/** What the timer's function may read and list, beside its trigger's objects. */
interface Reach {
  readonly scope: Construct;
  readonly target: LogFunction;
  readonly bucket: ILogBucket;
  readonly quarantinePrefix: string;
  readonly appId?: string;
}

type Place = NonNullable<NonNullable<HandlerSettings<"cos-batch">["catchUp"]>["sweep"]>[number];

/** An object's place, with the bucket that it is in. */
export interface SweptPlace {
  readonly bucket: ILogBucket;
  readonly prefix: string;
  readonly suffix?: string;
}

/**
 * Makes the timer, and grants what it takes: to list the quarantine and to read it, and to list what is swept. Returns what
 * the function is told.
 */
export function makeCatchUp(
  reach: Reach,
  { everyMinutes = 15, lookbackHours, sweep = true }: BatchCatchUpProps,
  places: readonly SweptPlace[] = [],
): NonNullable<HandlerSettings<"cos-batch">["catchUp"]> {
  const { target, bucket, quarantinePrefix } = reach;
  bucket.grantRead(target, quarantinePrefix);
  grantList(reach, bucket, quarantinePrefix);
  const swept = sweep ? places : [];
  for (const place of swept) grantList(reach, place.bucket, place.prefix);
  const cron = everyMinutes === 60 ? "0 0 * * * * *" : `0 */${everyMinutes} * * * * *`;
  new TimerTrigger(target, "Timer-catch-up", { cron, triggerName: "catch-up", message: CATCH_UP_MESSAGE });
  return swept.length === 0 ? {} : { sweep: swept.map(placeOf), lookbackHours };
}

function placeOf({ bucket, prefix, suffix }: SweptPlace): Place {
  return { bucket: bucket.bucketName, region: bucket.region, prefix: prefix === "" ? undefined : prefix, suffix };
}

/** A list is a right on the bucket or on a prefix of it. Fact: docs/design/facts/runtime.md#claims-by-objects. */
function grantList({ scope, target, appId }: Reach, { bucketName, region }: ILogBucket, prefix: string): void {
  const owner = isToken(bucketName) ? appIdOf(scope, { appId }) : bucketName.slice(-10);
  const whole = `qcs::cos:${region}:uid/${owner}:${bucketName}/`;
  target.addToPolicy({ action: ["name/cos:GetBucket"], resource: [whole, `${whole}${prefix}*`] });
}
