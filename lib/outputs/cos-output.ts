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
   * Prefix of every object's key, up to 255 characters. It must end with `/`, and not begin with `/` or contain `*` or
   * `?`.
   * @default "outputs/<path of the function>/<name of the output>/"
   */
  readonly prefix?: string;
  /**
   * Maximum bytes of records in one object, before compression: 64 KiB to 256 MiB. An object is in memory while it is
   * created. For Parquet: the bytes of input whose records go into one file of each partition.
   * @default 16 MiB; 64 MiB for Parquet
   */
  readonly maxPartBytes?: number;
  /**
   * Format of the objects.
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

/** Large Parquet files are best, and their packed data takes little memory. */
const PARQUET_PART_BYTES = 64 * 1024 * 1024;

/**
 * Writes gzip JSON lines or Parquet files to a bucket, in this region or another. An object's key depends only on the
 * input, so an event that is delivered twice writes the same objects again: there are no duplicates.
 */
export class CosOutput implements IOutput {
  constructor(
    private readonly bucket: ILogBucket,
    private readonly props: CosOutputProps = {},
  ) {}

  /** The files of its format. Anything that is not a format is refused when the output is bound. */
  get parts(): readonly string[] {
    return this.#format?.parts ?? [];
  }

  /** JSON lines are written unchanged; Parquet needs each record's fields. */
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
