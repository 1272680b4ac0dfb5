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
import { formatProp, type LogFormat } from "./format";
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
   * is made. Of Parquet, bytes of the input whose records go into one file of each partition.
   * @default 16 MiB; 64 MiB of Parquet
   */
  readonly maxPartBytes?: number;
  /**
   * What the objects are.
   * @default LogFormat.jsonLines()
   */
  readonly format?: LogFormat;
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
  format: formatProp,
};

/** Files of Parquet are best large, and what is packed of them takes little memory. */
const PARQUET_PART_BYTES = 64 * 1024 * 1024;

/**
 * Gzip JSON lines, or Parquet files, in a bucket of this region or another. An object's key depends on the input only, so that an event
 * that is delivered twice writes the same objects again: nothing is there twice.
 */
export class CosOutput implements IOutput {
  constructor(
    private readonly bucket: ILogBucket,
    private readonly props: CosOutputProps = {},
  ) {}

  /** Those of its format; what is no format is refused when the output is bound. */
  get parts(): readonly string[] {
    return this.#format?.parts ?? [];
  }

  /** Lines are written as they are; Parquet takes them apart. */
  get needsFields(): boolean {
    return this.#format?.settings !== undefined;
  }

  get #format(): Partial<LogFormat> | undefined {
    return (this.props as Partial<CosOutputProps> | null | undefined)?.format ?? undefined;
  }

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    readArgument(checks, `${path}.bucket`, bucketProp, this.bucket);
    const props = readProps(checks, PROPS, this.props, path);
    checks.throwIfAny();

    const { onFailure } = props;
    const format = props.format?.settings;
    const maxPartBytes = props.maxPartBytes ?? (format && PARQUET_PART_BYTES);
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
    return { type: "cos", onFailure, bucket: bucketName, region, prefix, maxPartBytes, format, network };
  }
}
