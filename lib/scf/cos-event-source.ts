import type { scfTrigger } from "@cdktf/provider-tencentcloud";
import { bucketProp, type ILogBucket } from "../cos/bucket";
import { COS_EVENTS, OBJECT_CREATED, type CosEvent } from "../cos/event";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { tfJson } from "../framework";
import { Traffic } from "../loops/traffic";
import { MAX_TRIGGERS, refuseSecondTrigger } from "../loops/triggers";
import { pathHash } from "../naming";
import { freeText, oneOf, policyPrefix, textThat } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { requireSameRegion } from "../region";
import { invokedFunction, refuseHandler, type IEventSource, type ILogFunction } from "./event-source";
import { makeTrigger, TRIGGER_PROPS, type TriggerProps } from "./trigger";

/** Props of a {@link CosEventSource}. */
export interface CosEventSourceProps extends TriggerProps {
  /**
   * Event of an object that invokes the function.
   * @default "cos:ObjectCreated:*"
   */
  readonly event?: CosEvent;
  /**
   * Prefix of the object's key; without `*` and `?`.
   * @default any
   */
  readonly prefix?: string;
  /**
   * Suffix of the object's key; begins with a dot.
   * @default any
   */
  readonly suffix?: string;
}

/** Suffix of keys, in the form that COS accepts. */
export const suffixProp = textThat(
  /^\..+$/,
  "must begin with a dot, like .gz",
  "put a dot before it, or filter by prefix",
  "LOGS_COS_SUFFIX",
);

const PROPS: PropTable<CosEventSourceProps> = {
  ...TRIGGER_PROPS,
  event: oneOf(COS_EVENTS, "leave it out for every new object", "LOGS_COS_EVENT"),
  prefix: policyPrefix(freeText),
  suffix: suffixProp,
};

/**
 * Invokes a function for objects of a bucket in the function's region (`tencentcloud_scf_trigger`), and grants it
 * permission to read only those below the prefix. Requires the account's `SCF_QcsRole`: see `LogAccountRoles`.
 */
export class CosEventSource implements IEventSource {
  constructor(
    private readonly bucket: ILogBucket,
    private readonly props: CosEventSourceProps = {},
  ) {}

  bind(target: ILogFunction): CosTrigger {
    return bindCosTrigger(this.bucket, this.props, target);
  }
}

/**
 * Creates the trigger of a {@link CosEventSource}.
 *
 * @param prefixes prefixes that the function reads, if it ignores other objects that the trigger reports
 */
export function bindCosTrigger(
  bucket: ILogBucket,
  given: CosEventSourceProps,
  target: ILogFunction,
  prefixes?: readonly string[],
): CosTrigger {
  refuseHandler(target, "a CosEventSource", ["cos-batch"]);
  const checks = new Checks(target);
  readArgument(checks, "bucket", bucketProp, bucket);
  const props = readProps(checks, PROPS, given);
  checks
    .that(
      target.prebuilt === undefined || !isRemoval(props.event),
      "LOGS_EVENT_SOURCE",
      () =>
        `event must tell of objects that are there, got ${JSON.stringify(props.event)} for ` +
        `${JSON.stringify(target.prebuilt)}; leave it out, or use a function of your own`,
    )
    .throwIfAny();
  const id = `CosTrigger${pathHash(bucket)}`;
  const other = target.node.tryFindChild(id);
  if (other !== undefined) refuseSecondTrigger(target.node.path, other.node.path);
  return new CosTrigger(target, id, bucket, props, prefixes);
}

/** Whether the event is a removal: the package's handler would try to read an object that is gone. */
function isRemoval(event: CosEvent = OBJECT_CREATED): boolean {
  return event.startsWith("cos:ObjectRemove:");
}

/** The trigger that a {@link CosEventSource} creates. */
export class CosTrigger extends LogConstruct {
  /** The underlying resource, `tencentcloud_scf_trigger`. */
  readonly resource: scfTrigger.ScfTrigger;

  constructor(
    target: ILogFunction,
    id: string,
    bucket: ILogBucket,
    props: CosEventSourceProps,
    prefixes = [props.prefix ?? ""] as readonly string[],
  ) {
    super(target, id);
    new Checks(this)
      .that(
        target.node.children.filter((child) => child instanceof CosTrigger).length <= MAX_TRIGGERS,
        "LOGS_COS_TRIGGER_LIMIT",
        () => `function must have at most ${MAX_TRIGGERS} COS triggers, got one more; use another function`,
      )
      .throwIfAny();
    requireSameRegion(this, "bucket", bucket.region, "function", target.region);
    const { event = OBJECT_CREATED, prefix = "", suffix = "" } = props;

    Traffic.of(this).addTrigger(
      {
        scope: this.node.path,
        target: invokedFunction(target),
        from: { bucketName: bucket.bucketName, event, prefix },
        suffix,
      },
      prefixes,
    );
    for (const one of prefixes) bucket.grantRead(target, one);

    this.resource = makeTrigger(this, target, {
      ...props,
      type: "cos",
      triggerName: `${bucket.bucketName}.cos.${bucket.region}.myqcloud.com`,
      // The provider reads the description back and compares it byte by byte with what Go's encoder writes.
      // Fact: docs/design/facts/provider.md#trigger-resource.
      description: tfJson({ event, filter: { Prefix: prefix, Suffix: suffix } }),
      isUpdated: false,
    });
  }
}
