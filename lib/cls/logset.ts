import { clsLogset } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { Checks } from "../errors";
import { Construct, tfTags, tfText } from "../framework";
import { physicalName } from "../naming";

/** A logset: the group that topics of one purpose belong to. */
export interface ILogset {
  readonly logsetId: string;
  /** The plain resource; none where the logset was brought along. */
  readonly resource?: clsLogset.ClsLogset;
}

export interface LogsetProps extends CommonProps {
  /**
   * Unique in the account and region; up to 255 characters, no `|`.
   * @default the construct's path and a short hash of it
   */
  readonly logsetName?: string;
}

/** A CLS logset (`tencentcloud_cls_logset`). */
export class Logset extends Construct implements ILogset {
  /** A logset that exists already. */
  static fromLogsetId(logsetId: string): ILogset {
    new Checks("Logset.fromLogsetId").identifier("logsetId", logsetId).throwIfAny();
    return { logsetId };
  }

  readonly resource: clsLogset.ClsLogset;
  readonly logsetId: string;

  constructor(scope: Construct, id: string, props: LogsetProps = {}) {
    super(scope, id);
    new Checks(this)
      .pattern(
        "logsetName",
        props.logsetName,
        /^[^|]{1,255}$/,
        "must have 1 to 255 characters and no |",
        "choose another name",
        "LOGS_LOGSET_NAME",
      )
      .throwIfAny();

    this.resource = new clsLogset.ClsLogset(this, "Resource", {
      logsetName: tfText(props.logsetName ?? physicalName(this, { maxLength: 255 })),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    this.logsetId = this.resource.id;
  }
}
