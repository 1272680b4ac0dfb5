import {
  defaultOutputOf,
  FAILURE_POLICIES,
  NETWORKS,
  ordinaryOutputs,
  OUTPUT_NAMES,
  type Network,
  type WrittenOutput,
} from "../../functions/settings";
import { Checks, refuse } from "../errors";
import { isToken } from "../framework";
import { instance, knownAtSynth, mapOf, oneOf } from "../props/kinds";
import type { PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";

/** Props of all outputs. */
export interface OutputProps {
  /**
   * What happens to a batch that cannot be delivered after all retries. `quarantine` stores the batch with the reason
   * and continues. `fail` makes the invocation fail, so that SCF delivers the event again.
   * @default "quarantine"
   */
  readonly onFailure?: (typeof FAILURE_POLICIES)[number];
}

/** Props of outputs that write to Tencent Cloud services. */
export interface NetworkOutputProps extends OutputProps {
  /**
   * Network through which the service is reached. `intranet` traffic is free of charge; it requires the pipeline's
   * `vpc` and a service in the same region. In a `vpc`, `public` turns on `publicNetwork` unless you set it.
   * @default "intranet" in a vpc of the same region, else "public"
   */
  readonly network?: Network;
}

/** A destination of records, named by the user in a pipeline's `outputs`. One object can serve several pipelines. */
export interface IOutput {
  /** Prebuilt files that the output adds to the function's zip, by their names in it. */
  readonly parts: readonly string[];
  /**
   * Whether the output needs the fields of records, or embeds records in other JSON. Each record must then be parsed.
   */
  readonly needsFields: boolean;
  /**
   * Grants the function permission to write to the destination and nothing else. Returns the handler's settings for the
   * output, without defaults.
   */
  bind(target: LogFunction, name: string): WrittenOutput;
}

/** Outputs by name. A name has 1 to 64 letters, digits, `-` and `_`, and begins with a letter. */
export type Outputs = Readonly<Record<string, IOutput>>;

export const OUTPUT_PROPS: PropTable<OutputProps> = {
  onFailure: oneOf(FAILURE_POLICIES, "leave it out to keep what cannot be delivered", "LOGS_OUTPUT_FAILURE"),
};

/** A prop that names a network. It must be known at synth, because it determines what the plan contains. */
export const networkProp = knownAtSynth(oneOf(NETWORKS, "leave it out for the nearest", "LOGS_NETWORK"));

export const NETWORK_OUTPUT_PROPS: PropTable<NetworkOutputProps> = { ...OUTPUT_PROPS, network: networkProp };

/** The prop `outputs` of pipelines. */
export const outputsProp = mapOf(
  instance<IOutput>(
    "an output",
    "make a CosOutput, a ClsOutput, a CkafkaOutput, a WebhookOutput, an ElasticsearchOutput or an OtlpOutput",
    {
      others: ["bind", "parts", "needsFields"],
    },
  ),
  "name each output",
);

/** Checks the names of outputs, and that there is a default output for records that name none. */
export function checkOutputs(checks: Checks, outputs: Outputs = {}, defaultOutput: string | undefined): void {
  const names = Object.keys(outputs);
  for (const name of names) {
    checks.that(
      OUTPUT_NAMES.pattern.test(name),
      "LOGS_OUTPUT_NAME",
      () => `outputs ${OUTPUT_NAMES.rule}, got ${JSON.stringify(name)}; choose another name`,
    );
  }
  const ordinary = ordinaryOutputs(outputs);
  const shown = ordinary.join(", ") || "none";
  checks
    .that(
      defaultOutput === undefined || ordinary.includes(defaultOutput),
      "LOGS_DEFAULT_OUTPUT",
      () =>
        `defaultOutput must name one of the outputs other than invalid and dropped (${shown}), ` +
        `got ${JSON.stringify(defaultOutput)}; name one of them, or add it to outputs`,
    )
    .that(
      defaultOutput !== undefined || ordinary.length <= 1,
      "LOGS_DEFAULT_OUTPUT",
      () => `defaultOutput must be set where there are several outputs (${shown}), got nothing; name one of them`,
    );
}

/** The outputs that receive nothing if records are only counted: all except the default output and `invalid`. */
export function unreachedOutputs(outputs: Outputs, defaultOutput: string | undefined): string[] {
  const reached = ["invalid", defaultOutputOf(outputs, defaultOutput)];
  return Object.keys(outputs).filter((name) => !reached.includes(name));
}

/** Adds a secret to the function, if there is one, and returns the name of its variable. */
export function addOptionalSecret(target: LogFunction, name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : target.addSecret(name, value);
}

/** Checks that a user and a password are given together. */
export function checkLogin(
  checks: Checks,
  path: string,
  { username, password }: { readonly username?: string; readonly password?: string },
  code: string,
): void {
  checks.that(
    (username === undefined) === (password === undefined),
    code,
    () => `${path}.password must be given with username, got only one of them; give both or none`,
  );
}

/** Binds all outputs to a function, in the order of the props, and returns their settings. */
export function bindOutputs(target: LogFunction, outputs: Outputs): Record<string, WrittenOutput> {
  const settings = Object.entries(outputs).map(([name, output]) => [name, output.bind(target, name)] as const);
  refuseSharedPrefixes(target, settings);
  refuseLittleMemory(target, settings);
  return Object.fromEntries(settings);
}

/**
 * Keys of objects consist of the prefix and the input, so two outputs with the same prefix would overwrite each other's
 * objects.
 */
function refuseSharedPrefixes(target: LogFunction, settings: readonly (readonly [string, WrittenOutput])[]): void {
  const names = new Map<string, string>();
  for (const [name, output] of settings) {
    if (output.type !== "cos") continue;
    const place = JSON.stringify([output.bucket, output.prefix]);
    const other = names.get(place);
    if (other !== undefined) {
      refuse(
        target,
        "LOGS_OUTPUT_PREFIX_SHARED",
        `outputs.${name}.prefix must be another than that of outputs.${other}, got ${JSON.stringify(output.prefix)} ` +
          `for both; they would overwrite each other's objects, give each a prefix of its own`,
      );
    }
    names.set(place, name);
  }
}

/**
 * MB of memory that a function needs for Parquet: Node and the parser, and for each MiB of a row group two of values
 * and two for each file of them that is being made, waits or is sent. `bench/limits/peak-memory-groups.mjs` measures it
 * with texts that no compression makes smaller.
 */
const PARQUET_MB = { base: 128, eachGroupMb: 8 };

/** An instance that runs out of memory is killed, and again at each retry. */
function refuseLittleMemory(target: LogFunction, settings: readonly (readonly [string, WrittenOutput])[]): void {
  const { memorySizeMb } = target;
  const groups = settings.flatMap(([name, output]) =>
    output.type === "cos" && output.format ? [{ name, mb: output.format.rowGroupMb }] : [],
  );
  const sum = groups.reduce((mb, group) => mb + group.mb, 0);
  const needed = 128 * Math.ceil((PARQUET_MB.base + PARQUET_MB.eachGroupMb * sum) / 128);
  if (sum === 0 || isToken(memorySizeMb) || memorySizeMb >= needed) return;
  const told = groups.map(({ name, mb }) => `outputs.${name} of ${mb} MiB`).join(", ");
  refuse(
    target,
    "LOGS_PARQUET_MEMORY",
    `memorySizeMb must be ${needed} or more for row groups of Parquet (${told}), got ${memorySizeMb}; ` +
      `raise it, or lower rowGroupMb`,
  );
}
