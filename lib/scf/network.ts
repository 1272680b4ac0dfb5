import type { Network } from "../../functions/settings";
import { refuse } from "../errors";
import { Lazy, resolved, type IConstruct } from "../framework";

/** The framework's validations are plain text, so the code is part of the message. */
const NETWORK = "LOGS_NETWORK";

/** The part of a function that concerns its networks. */
interface Caller extends IConstruct {
  readonly region: string;
  /** Subnet of the function, if it has one. */
  readonly vpc?: object;
  usePublicNetwork(): void;
}

/** A destination of a function, and the network that the user chose for it. */
interface Route {
  /** The prop that sets the network, as the construct's user knows it. */
  readonly path: string;
  readonly given: Network | undefined;
  /** Region of the bucket or topic. */
  readonly region: string;
}

/**
 * Chooses the network through which a function reaches a bucket or a topic. COS and CLS have hosts inside each region
 * that only subnets of that region can reach, and whose traffic is free. A function in a `vpc` uses them wherever it
 * can. Without a `vpc` the result is undefined, which means the public network. Fact:
 * docs/design/facts/runtime.md#networks.
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
    // Regions are known only at synth, because the provider can be created after the construct.
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
