import type { scfTrigger } from "@cdktf/provider-tencentcloud";
import { LogConstruct } from "../construct";
import { Checks, refuse } from "../errors";
import { Fn, tfJson } from "../framework";
import { flag, knownAtSynth, oneOf, required } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { refuseHandler, type IEventSource, type ILogFunction } from "./event-source";
import { makeTrigger, TRIGGER_PROPS, type TriggerProps } from "./trigger";

/** Props of a {@link FunctionUrl}. */
export interface FunctionUrlProps extends TriggerProps {
  /**
   * Who can call the URL. `none`: anyone who knows it. `cam`: anyone whose key is allowed `scf:InvokeFunctionUrl` on
   * the function and who signs the request.
   */
  readonly auth: "none" | "cam";
  /**
   * Whether the URL has an address on the public network.
   * @default true
   */
  readonly publicNetwork?: boolean;
  /**
   * Whether the URL has an address inside the region.
   * @default false
   */
  readonly intranet?: boolean;
}

const PROPS: PropTable<FunctionUrlProps> = {
  ...TRIGGER_PROPS,
  auth: required(
    knownAtSynth(oneOf(["none", "cam"], "say who may call the URL", "LOGS_URL_AUTH")),
    'say "cam", or "none" for a URL that anybody may call',
  ),
  publicNetwork: knownAtSynth(flag),
  intranet: knownAtSynth(flag),
};

/**
 * Invokes a function of your own for each request to a URL (`tencentcloud_scf_trigger` of type `http`). The package's
 * handlers do not support this event. The event has `httpMethod`, `path`, `queryString`, `headers` and `body`; the
 * function can return `statusCode`, `headers` and `body`.
 */
export class FunctionUrl implements IEventSource {
  constructor(private readonly props: FunctionUrlProps) {}

  bind(target: ILogFunction): FunctionUrlTrigger {
    const props = readUrl(new Checks(target), this.props);
    if (target.node.tryFindChild(ID) !== undefined) {
      // The provider gives every URL of a function the same name, and reads the first one with that name.
      refuse(
        target,
        "LOGS_URL_DUPLICATE",
        "a function must have one URL, got a second; use the first, or another function",
      );
    }
    return new FunctionUrlTrigger(target, ID, props);
  }
}

const ID = "Url";

/** The trigger that a {@link FunctionUrl} creates. */
export class FunctionUrlTrigger extends LogConstruct {
  /** The underlying resource, `tencentcloud_scf_trigger`. */
  readonly resource: scfTrigger.ScfTrigger;
  private readonly isPublic: boolean;
  private readonly isInside: boolean;

  constructor(target: ILogFunction, id: string, given: FunctionUrlProps) {
    super(target, id);
    refuseHandler(target, "a FunctionUrl", []);
    const { auth, intranet = false, publicNetwork = true, ...props } = readUrl(new Checks(this), given);
    this.isPublic = publicNetwork;
    this.isInside = intranet;
    this.resource = makeTrigger(this, target, {
      ...props,
      type: "http",
      // The provider compares it byte by byte with what Go's encoder writes. Fact:
      // docs/design/facts/provider.md#trigger-resource.
      description: tfJson({
        AuthType: auth === "cam" ? "CAM" : "NONE",
        NetConfig: { EnableExtranet: publicNetwork, EnableIntranet: intranet },
      }),
      isUpdated: true,
    });
  }

  /**
   * Address on the public network, known after the trigger is created: `https://<APPID>-<id>.<region>.tencentscf.com`.
   * @throws LogsError if `publicNetwork` is off
   */
  get url(): string {
    if (!this.isPublic)
      refuse(this, "LOGS_URL_NETWORK", "publicNetwork must be on for url, got false; use intranetUrl");
    return this.address("ExtranetUrl");
  }

  /**
   * Address inside the region.
   * @throws LogsError if `intranet` is off
   */
  get intranetUrl(): string {
    if (!this.isInside) refuse(this, "LOGS_URL_NETWORK", "intranet must be on for intranetUrl, got false; turn it on");
    return this.address("IntranetUrl");
  }

  /** SCF returns the addresses in the trigger's description. Fact: docs/design/facts/provider.md#http-trigger. */
  private address(name: "ExtranetUrl" | "IntranetUrl"): string {
    const description: unknown = Fn.jsondecode(this.resource.triggerAttribute);
    return Fn.lookupNested(description, ["NetConfig", name]) as string;
  }
}

function readUrl(checks: Checks, given: FunctionUrlProps): FunctionUrlProps {
  const props = readProps(checks, PROPS, given);
  const { intranet = false, publicNetwork = true } = props;
  checks
    .that(
      publicNetwork || intranet,
      "LOGS_URL_NETWORK",
      () => "publicNetwork must be on without intranet, got false for both; turn one of them on",
    )
    .throwIfAny();
  return props;
}
