import { ApiClient } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { LIVE_VARIABLE, type LiveSettings, LiveSettingsError, readLiveSettings } from "../../functions/live/settings";
import { suggestion } from "../../rules/check/similar";
import { deployedVariables } from "../deployed-variables";
import { machineNow } from "./clock";
import type { OfFunction } from "./events";
import { TailError, tailErrorOf } from "./tail-error";

/** A function, from its configuration. */
export interface FoundFunction extends OfFunction {
  /** Changes if a function is deleted and created again. */
  readonly id: string;
  /** Topic of its own log; undefined if SCF stores none. */
  readonly topicId?: string;
  /** For a function with `liveLog`. */
  readonly live?: LiveSettings;
  /** Why its variable for live logs is invalid. */
  readonly liveProblem?: string;
  /** Settings of one of the package's handlers: the JSON in the variable. */
  readonly settings?: string;
}

const SCF = { name: "scf", version: "2018-04-16" };
const PAGE = 100;

/** The functions of one region. Close it after use. */
export class Functions {
  readonly #client: ApiClient;

  constructor(
    readonly region: string,
    credentials: () => Credentials,
    private readonly signal: AbortSignal,
  ) {
    this.#client = new ApiClient({ product: SCF, region, credentials });
  }

  /** Milliseconds by which the cloud's clock is ahead of this machine's; undefined before the first answer. */
  aheadMs: number | undefined;

  close(): void {
    this.#client.close();
  }

  /** A function; undefined if there is none of that name. @param version must exist */
  async find(name: string, namespace: string, version?: string): Promise<FoundFunction | undefined> {
    const asked = { FunctionName: name, Namespace: namespace, ...(version !== undefined && { Qualifier: version }) };
    try {
      return foundIn(await this.#call("GetFunction", asked), { region: this.region, namespace, function: name });
    } catch (error) {
      if (error instanceof ServiceError && isMissing(error, "Function|FunctionName")) return undefined;
      if (error instanceof ServiceError && isMissing(error, "Version|Qualifier|Alias")) {
        throw new TailError("UNKNOWN_VERSION", await this.#unknownVersion(name, namespace, version ?? ""));
      }
      throw this.#refusal(error, "scf:GetFunction", `function ${name}, or use --topic, which does not need it`);
    }
  }

  /** Names of a namespace's functions that begin with a prefix. */
  async names(namespace: string, prefix = ""): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const asked = { Namespace: namespace, Offset: names.length, Limit: PAGE };
      const { Functions: found } = await this.#call("ListFunctions", asked).catch((error: unknown) => {
        throw this.#refusal(error, "scf:ListFunctions", `namespace ${namespace}`);
      });
      const page = Array.isArray(found) ? (found as { FunctionName?: unknown }[]) : [];
      names.push(...page.map(({ FunctionName: name }) => String(name)));
      if (page.length < PAGE) return names.filter((name) => name.startsWith(prefix));
    }
  }

  /** A sentence about a function that does not exist, with similar names. */
  async unknown(name: string, namespace: string): Promise<string> {
    const where = `namespace ${namespace} of ${this.region}`;
    const names = await this.names(namespace).catch(() => undefined);
    if (names === undefined) return `NAME must be a function in ${where}, got ${name}`;
    const near = suggestion(name, names);
    const some = names.slice(0, 5).join(", ");
    const known = names.length === 0 ? "; there is none" : `; there are ${some}${names.length > 5 ? ", ..." : ""}`;
    return `NAME must be a function in ${where}, got ${name}${near === "" ? known : near}`;
  }

  async #unknownVersion(name: string, namespace: string, version: string): Promise<string> {
    const asked = { FunctionName: name, Namespace: namespace, Limit: PAGE };
    const { FunctionVersion: known } = await this.#call("ListVersionByFunction", asked).catch(
      (): Record<string, unknown> => ({}),
    );
    const versions = Array.isArray(known) ? `; there are ${known.slice(0, 10).join(", ")}` : "";
    return `--version must be a version of ${name}, got ${version}${versions}`;
  }

  async #call(action: string, parameters: object): Promise<Record<string, unknown>> {
    try {
      return await withRetries(() => this.#client.call(action, parameters, this.signal), DEFAULT_RETRY, this.signal);
    } finally {
      const { serverTime } = this.#client;
      if (serverTime !== undefined) this.aheadMs = serverTime - machineNow();
    }
  }

  #refusal(error: unknown, action: string, what: string): unknown {
    return error instanceof ServiceError ? tailErrorOf(error, { action, what, aheadMs: this.aheadMs }) : error;
  }
}

function isMissing({ code }: ServiceError, what: string): boolean {
  return new RegExp(`^ResourceNotFound\\.(${what})$`).test(code);
}

function foundIn(answer: Record<string, unknown>, of: OfFunction): FoundFunction {
  const { FunctionId: id, ClsTopicId: topicId } = answer;
  const variables: Partial<Record<string, string>> = deployedVariables(answer);
  const { [LIVE_VARIABLE]: live, [SETTINGS_VARIABLE]: settings } = variables;
  return {
    ...of,
    id: typeof id === "string" ? id : "",
    ...(typeof topicId === "string" && topicId !== "" && { topicId }),
    ...(live !== undefined && liveOf(live)),
    ...(settings !== undefined && { settings }),
  };
}

function liveOf(value: string): Pick<FoundFunction, "live" | "liveProblem"> {
  try {
    return { live: readLiveSettings(value) };
  } catch (error) {
    if (error instanceof LiveSettingsError) return { liveProblem: error.message };
    throw error;
  }
}
