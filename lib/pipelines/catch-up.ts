import type { HandlerSettings } from "../../functions/settings";
import { appIdOf } from "../account";
import type { ILogBucket } from "../cos/bucket";
import type { Checks } from "../errors";
import { isToken, type Construct } from "../framework";
import { flag, integer, knownAtSynth } from "../props/kinds";
import type { PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { CATCH_UP_MESSAGE, TimerTrigger } from "../scf/timer-event-source";

/** Catch-up: what a pipeline's function does when its timer fires. */
export interface CatchUpProps {
  /**
   * Minutes between two catch-ups: 1 to 60, a divisor of 60. Notes in quarantine are retried after ten minutes at the
   * earliest.
   * @default 15
   */
  readonly everyMinutes?: number;
}

/** Catch-up of a pipeline that reads objects. */
export interface BatchCatchUpProps extends CatchUpProps {
  /**
   * Whether to look for objects that were not read because their event was lost or failed. Each object that is read
   * then leaves a receipt, which costs one more request to COS.
   * @default true
   */
  readonly sweep?: boolean;
  /**
   * How many hours back to look for such objects, 1 to 168; never before the timer's first run.
   * @default 24
   */
  readonly lookbackHours?: number;
}

export const CATCH_UP_PROPS: PropTable<CatchUpProps> = {
  // Part of the timer's expression.
  everyMinutes: knownAtSynth(integer({ min: 1, max: 60, unit: "minutes" }, "LOGS_CATCH_UP")),
};

export const BATCH_CATCH_UP_PROPS: PropTable<BatchCatchUpProps> = {
  ...CATCH_UP_PROPS,
  sweep: knownAtSynth(flag),
  lookbackHours: integer({ min: 1, max: 168, unit: "hours" }, "LOGS_CATCH_UP"),
};

/** Checks the props together. */
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

/** What the function reads and lists during a catch-up, in addition to its trigger's objects. */
interface Reach {
  readonly scope: Construct;
  readonly target: LogFunction;
  readonly bucket: ILogBucket;
  readonly quarantinePrefix: string;
  readonly appId?: string;
}

type Place = NonNullable<NonNullable<HandlerSettings<"cos-batch">["catchUp"]>["sweep"]>[number];

/** A place of objects, with its bucket. */
export interface SweptPlace {
  readonly bucket: ILogBucket;
  readonly prefix: string;
  readonly suffix?: string;
}

/**
 * Creates the timer, and grants the permissions it needs: to list and read the quarantine, and to list the places to
 * sweep. Returns the handler's settings.
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

/** Listing is a permission on the bucket or on a prefix of it. Fact: docs/design/facts/runtime.md#claims-by-objects. */
function grantList({ scope, target, appId }: Reach, { bucketName, region }: ILogBucket, prefix: string): void {
  const owner = isToken(bucketName) ? appIdOf(scope, { appId }) : bucketName.slice(-10);
  const whole = `qcs::cos:${region}:uid/${owner}:${bucketName}/`;
  target.addToPolicy({ action: ["name/cos:GetBucket"], resource: [whole, `${whole}${prefix}*`] });
}
