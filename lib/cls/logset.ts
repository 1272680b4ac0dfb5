import { clsLogset } from "@cdktf/provider-tencentcloud";
import { COMMON_PROPS, type CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, tfTags, tfText } from "../framework";
import { physicalName } from "../naming";
import { identifier, instance, textThat } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { applyRemovalPolicy, removalPolicyProp, type RemovalProps } from "../removal";
import { claimName, inRegion } from "../unique-names";

/** A logset: a group of related topics. */
export interface ILogset {
  /** Id of the logset, assigned by CLS. */
  readonly logsetId: string;
  /** The underlying resource; undefined for an imported logset. */
  readonly resource?: clsLogset.ClsLogset;
}

/** Props of a {@link Logset}. */
export interface LogsetProps extends CommonProps, RemovalProps {
  /**
   * Name of the logset, unique in the account and region: up to 255 characters, no `|`.
   * @default the construct's path and a short hash of it
   */
  readonly logsetName?: string;
}

const PROPS: PropTable<LogsetProps> = {
  ...COMMON_PROPS,
  removalPolicy: removalPolicyProp,
  logsetName: textThat(
    /^[^|]{1,255}$/,
    "must have 1 to 255 characters and no |",
    "choose another name",
    "LOGS_LOGSET_NAME",
  ),
};

/** The prop `logset` of topics. */
export const logsetProp = instance<ILogset>("a logset", "make a Logset, or Logset.fromLogsetId for one that exists", {
  texts: ["logsetId"],
  others: [],
  // A topic has the id of its logset as well.
  foreign: ["topicId"],
});

/** A CLS logset (`tencentcloud_cls_logset`). */
export class Logset extends LogConstruct implements ILogset {
  /** Imports an existing logset. */
  static fromLogsetId(logsetId: string): ILogset {
    return { logsetId: readArgument(new Checks("Logset.fromLogsetId"), "logsetId", identifier, logsetId) };
  }

  /** The underlying resource, `tencentcloud_cls_logset`. */
  readonly resource: clsLogset.ClsLogset;
  /** Id of the logset, assigned by CLS. */
  readonly logsetId: string;

  constructor(scope: Construct, id: string, given: LogsetProps = {}) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();

    const name = props.logsetName ?? physicalName(this, { maxLength: 255 });
    claimName(this, { prop: "logsetName", name, within: "its region", whole: inRegion(this, props.provider) });
    this.resource = new clsLogset.ClsLogset(this, "Resource", {
      logsetName: tfText(name),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    applyRemovalPolicy(this.resource, props.removalPolicy);
    this.logsetId = this.resource.id;
  }
}
