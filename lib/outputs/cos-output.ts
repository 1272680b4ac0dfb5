import type { WrittenOutput } from "../../functions/settings";
import { claimPrefix } from "../claimed-prefixes";
import { bucketProp, type ILogBucket } from "../cos/bucket";
import { Checks } from "../errors";
import { Traffic } from "../loops/traffic";
import { keyPrefix } from "../naming";
import { integer, policyPrefix, textThat } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { networkTo } from "../scf/network";
import { NETWORK_OUTPUT_PROPS, type IOutput, type NetworkOutputProps } from "./output";

/** Props of a {@link CosOutput}. */
export interface CosOutputProps extends NetworkOutputProps {
  /**
   * Start of every object's key; ends with `/`, does not begin with it, up to 255 characters.
   * @default "outputs/<path of the function>/<name of the output>/"
   */
  readonly prefix?: string;
  /**
   * Bytes of records that one object holds at most, before compression: 64 KiB to 256 MiB. A part is in memory while it
   * is made.
   * @default 16 MiB
   */
  readonly maxPartBytes?: number;
}

const PROPS: PropTable<CosOutputProps> = {
  ...NETWORK_OUTPUT_PROPS,
  prefix: policyPrefix(
    textThat(
      /^(?!\/).{1,255}(?<=\/)$/,
      "must have up to 255 characters, not begin with / and end with it",
      "write it like outputs/access/",
      "LOGS_OUTPUT_PREFIX",
    ),
  ),
  maxPartBytes: integer({ min: 64 * 1024, max: 256 * 1024 * 1024, unit: "bytes" }, "LOGS_OUTPUT_PART"),
};

/**
 * Gzip JSON lines in a bucket, of this region or another. An object's key depends on the input only, so that an event
 * that is delivered twice writes the same objects again: nothing is there twice.
 */
export class CosOutput implements IOutput {
  readonly parts = [];
  readonly needsFields = false;

  constructor(
    private readonly bucket: ILogBucket,
    private readonly props: CosOutputProps = {},
  ) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    readArgument(checks, `${path}.bucket`, bucketProp, this.bucket);
    const props = readProps(checks, PROPS, this.props, path);
    checks.throwIfAny();

    const { maxPartBytes, onFailure } = props;
    const { bucketName, region } = this.bucket;
    const prefix = claimPrefix(target, {
      prop: `${path}.prefix`,
      bucketName,
      given: props.prefix,
      fallback: `${keyPrefix("outputs", target)}${name}/`,
    });
    this.bucket.grantWrite(target, prefix);
    Traffic.of(target).deliveredObjects.addObjects({
      target: target.node.path,
      prop: `${path}.prefix`,
      bucketName,
      prefix,
    });
    const network = networkTo(target, { path: `${path}.network`, given: props.network, region });
    return { type: "cos", onFailure, bucket: bucketName, region, prefix, maxPartBytes, network };
  }
}
