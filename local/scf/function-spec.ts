import { Refusal } from "../refusal";

/** The configuration of a function. */
export interface FunctionSpec {
  readonly name: string;
  readonly namespace: string;
  readonly region: string;
  /** `index.main_handler`. */
  readonly handler: string;
  /** `Nodejs18.15`. */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the function's role. */
  readonly role: string | undefined;
  /** The packed code. */
  readonly zip: Uint8Array;
  readonly description?: string;
  /** Whether it has access to the public network. @default true */
  readonly publicNetwork?: boolean;
  /** Topic of its log. */
  readonly logTopic?: { readonly logsetId: string; readonly topicId: string };
}

/** Names that SCF accepts for functions. */
export const FUNCTION_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_:-]{0,58}[A-Za-z0-9:]$/;
/** Names that are accepted for namespaces. SCF does not document its rule, so every plain word is accepted. */
export const NAMESPACE_PATTERN = /^[A-Za-z0-9_-]{1,60}$/;
const MAX_ENVIRONMENT_BYTES = 4096;
const RESERVED_VARIABLE = /^(SCF_|QCLOUD_|TENCENTCLOUD_)/;

/** Throws if SCF would refuse the configuration. */
export function checkSpec(spec: FunctionSpec): void {
  checkNames(spec);
  if (!/^(Nodejs\d+|Python3)\.\d+$/.test(spec.runtime)) {
    throw new Refusal(
      "InvalidParameterValue.Runtime",
      `runtime must be a Node.js or a Python 3, which the local cloud runs, got "${spec.runtime}"`,
    );
  }
  if (spec.memoryMb % 128 !== 0 || spec.memoryMb < 128 || spec.memoryMb > 3072) {
    throw new Refusal(
      "InvalidParameterValue.MemorySize",
      `mem_size must be 128 to 3072 in steps of 128, got ${spec.memoryMb}`,
    );
  }
  if (!(spec.timeoutSeconds >= 1 && spec.timeoutSeconds <= 900)) {
    throw new Refusal("InvalidParameterValue.Timeout", `timeout must be 1 to 900, got ${spec.timeoutSeconds}`);
  }
  const reserved = Object.keys(spec.environment).find((name) => RESERVED_VARIABLE.test(name));
  if (reserved)
    throw new Refusal(
      "InvalidParameterValue.Environment",
      `environment must not use SCF_, QCLOUD_ or TENCENTCLOUD_, got ${reserved}`,
    );
  const bytes = Buffer.byteLength(Object.entries(spec.environment).flat().join(""));
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw new Refusal(
      "InvalidParameterValue.Environment",
      `environment must be at most ${MAX_ENVIRONMENT_BYTES} bytes, got ${bytes}`,
    );
  }
}

/** They are also used as folder names here, and must not lead outside the cloud's folder. */
function checkNames({ name, namespace, region }: FunctionSpec): void {
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new Refusal("UnsupportedRegion", `region must be one as ap-guangzhou, got "${region}"`);
  }
  if (!FUNCTION_NAME_PATTERN.test(name)) {
    throw new Refusal(
      "InvalidParameterValue.FunctionName",
      `name must have 2 to 60 letters, digits, -, _ and :, begin with a letter and not end with - or _, got "${name}"`,
    );
  }
  if (!NAMESPACE_PATTERN.test(namespace)) {
    throw new Refusal(
      "InvalidParameterValue.Namespace",
      `namespace must have 1 to 60 letters, digits, - and _, got "${namespace}"`,
    );
  }
}
