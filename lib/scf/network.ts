import type { Network } from "../../functions/settings";
import { refuse } from "../errors";
import { Lazy, resolved, type IConstruct } from "../framework";

/** Framework validations are plain text, so that the code is part of the message. */
const NETWORK = "LOGS_NETWORK";

/** A function, as far as its networks go. */
interface Caller extends IConstruct {
  readonly region: string;
  /** Subnet that it runs in, where there is one. */
  readonly vpc?: object;
  usePublicNetwork(): void;
}

/** What a function reaches, and how its user wants it reached. */
interface Route {
  /** The prop that says so, as the construct's user knows it. */
  readonly path: string;
  readonly given: Network | undefined;
  /** Region of the bucket or topic. */
  readonly region: string;
}

/**
 * The network that a function reaches a bucket or a topic over. COS and CLS have hosts inside each region, which only a
 * subnet of that region reaches, and whose traffic costs nothing: a function in a `vpc` uses them wherever it can.
 * Outside one it says nothing, which is the public network.
 * Fact: docs/design/facts/runtime.md#networks.
 */
export function networkTo(target: Caller, { given, path, region }: Route): Network | undefined {
  if (target.vpc === undefined) {
    if (given !== "intranet") return given;
    return refuse(
      target,
      NETWORK,
      `${path} must be "public" without vpc, got "intranet"; give the function a vpc, or leave ${path} out`,
    );
  }
  const isNear = () => resolved(target, region) === resolved(target, target.region);
  if (given === undefined) {
    return Lazy.stringValue({ produce: (): Network => (isNear() ? "intranet" : "public") }) as Network;
  }
  if (given === "intranet") {
    // Regions are known at synth: the provider may be made after the construct.
    target.node.addValidation({
      validate: () =>
        isNear()
          ? []
          : [
              `${path} must be "public" to ${String(resolved(target, region))} from a function in ` +
                `${String(resolved(target, target.region))}, got "intranet"; leave ${path} out (${NETWORK})`,
            ],
    });
  }
  if (given === "public") target.usePublicNetwork();
  return given;
}
