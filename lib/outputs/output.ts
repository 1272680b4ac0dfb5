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

/** Props that all outputs share. */
export interface OutputProps {
  /**
   * What happens to a batch that could not be delivered after all retries: `quarantine` keeps it there with its reason
   * and goes on; `fail` has the invocation fail, so that SCF delivers the event again.
   * @default "quarantine"
   */
  readonly onFailure?: (typeof FAILURE_POLICIES)[number];
}

/** Props of outputs that write to Tencent Cloud's own services. */
export interface NetworkOutputProps extends OutputProps {
  /**
   * Over which network the service is reached. `intranet` costs no traffic, and is refused without the pipeline's `vpc` and
   * in another region; in a `vpc`, `public` turns `publicNetwork` on, unless that is given.
   * @default "intranet" in a vpc of the same region, else "public"
   */
  readonly network?: Network;
}

/** A place where records go, named by the user in a pipeline's `outputs`. One object may serve several pipelines. */
export interface IOutput {
  /** Prebuilt files that stand beside the handler for this output, by their names in the zip. */
  readonly parts: readonly string[];
  /** Whether it takes records apart, or puts them into other JSON; then each must have been parsed. */
  readonly needsFields: boolean;
  /** Lets the function write there, and nothing more; returns what its handler is told, but for defaults. */
  bind(target: LogFunction, name: string): WrittenOutput;
}

/** Outputs by their names. */
export type Outputs = Readonly<Record<string, IOutput>>;

export const OUTPUT_PROPS: PropTable<OutputProps> = {
  onFailure: oneOf(FAILURE_POLICIES, "leave it out to keep what cannot be delivered", "LOGS_OUTPUT_FAILURE"),
};

/** A prop that names a network: what it reaches decides what the plan holds. */
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

/** Checks the names of outputs, and that records which name none have one to go to. */
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

/** The outputs that stay empty where records are only counted: all but the default one and `invalid`. */
export function unreachedOutputs(outputs: Outputs, defaultOutput: string | undefined): string[] {
  const reached = ["invalid", defaultOutputOf(outputs, defaultOutput)];
  return Object.keys(outputs).filter((name) => !reached.includes(name));
}

/** The name of the variable that holds a secret, where there is one. */
export function addOptionalSecret(target: LogFunction, name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : target.addSecret(name, value);
}

/** Checks that a user and a password come together. */
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

/** The settings of all outputs, bound to a function in the order of their names in the props. */
export function bindOutputs(target: LogFunction, outputs: Outputs): Record<string, WrittenOutput> {
  const settings = Object.entries(outputs).map(([name, output]) => [name, output.bind(target, name)] as const);
  refuseSharedPrefixes(target, settings);
  refuseLittleMemory(target, settings);
  return Object.fromEntries(settings);
}

/** Keys of objects are made of the prefix and the input: two outputs that share a prefix would overwrite each other. */
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
 * MB of memory that a function takes with Parquet: Node and the parser, and for each MiB of a row group two of values, and two of
 * each file of them that is made, waits and is sent. `bench/limits/peak-memory-groups.mjs` measures it with texts that no packing
 * makes smaller.
 */
const PARQUET_MB = { base: 128, eachGroupMb: 8 };

/** An instance that is out of memory is killed, at each retry again. */
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
