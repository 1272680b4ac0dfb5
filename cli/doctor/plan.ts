import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { suggestion } from "../../rules/check/similar";
import { UsageError } from "../../terminal/user-error";
import { regionsOf } from "../graph/plan";

/** A resource in a plan. */
export interface PlannedResource {
  readonly type: string;
  /** Its name in the plan. */
  readonly id: string;
  /** Path of its construct: `logs/Access/Resource`. */
  readonly path: string;
  /** Region of its provider; undefined if the plan does not contain it. */
  readonly region?: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A synthesized stack, as far as its plan is known without Terraform. */
export class StackPlan {
  readonly #resources: readonly PlannedResource[];

  /**
   * @param folder of the output: `cdktf.out/stacks/<name>`
   * @param appId of the account, for bucket names
   */
  constructor(
    readonly name: string,
    readonly folder: string,
    plan: Readonly<Record<string, unknown>>,
    private readonly appId: string | undefined,
  ) {
    const regions = regionsOf(plan.provider);
    this.#resources = Object.entries(isObject(plan.resource) ? plan.resource : {}).flatMap(([type, all]) =>
      Object.entries(isObject(all) ? all : {}).flatMap(([id, given]) =>
        // Skips resources with a count of 0.
        isObject(given) && given.count !== 0 ? [resourceOf(type, id, given, regions)] : [],
      ),
    );
  }

  /** The regions of its providers. */
  get regions(): readonly string[] {
    return [...new Set(this.#resources.flatMap(({ region }) => region ?? []))];
  }

  all(type: string): readonly PlannedResource[] {
    return this.#resources.filter((resource) => resource.type === type);
  }

  /** The resource of a reference: `${tencentcloud_cls_topic.Access_99.id}`. */
  referred(value: unknown): PlannedResource | undefined {
    const [, type, id] = /^\$\{(\w+)\.(\w+)\.\w+\}$/.exec(String(value)) ?? [];
    return this.#resources.find((resource) => resource.type === type && resource.id === id);
  }

  /** A text with its references resolved; undefined if only Terraform knows them. */
  text(value: unknown, depth = 0): string | undefined {
    if (typeof value !== "string" || depth > MOST_STEPS) return undefined;
    let isKnown = true;
    const text = value.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
      const known = this.#valueOf(expression, depth);
      isKnown &&= known !== undefined;
      return known ?? "";
    });
    return isKnown ? text : undefined;
  }

  #valueOf(expression: string, depth: number): string | undefined {
    if (/^data\.tencentcloud_user_info\.\w+\.app_id$/.test(expression)) return this.appId;
    const [, type, id, attribute = ""] = /^(\w+)\.(\w+)\.(\w+)$/.exec(expression) ?? [];
    const target = this.#resources.find((resource) => resource.type === type && resource.id === id);
    return this.text(target?.arguments[attribute], depth + 1);
  }
}

/** Maximum length of a chain of references. */
const MOST_STEPS = 5;

/**
 * The plan of one stack, or the plans of all. Throws {@link UsageError} if the named one does not exist.
 *
 * @param out folder that `cdktf synth` wrote
 */
export function readPlans(wanted: string | undefined, out: string, appId: string | undefined): StackPlan[] {
  const names = stacksIn(out);
  if (wanted !== undefined && !names.includes(wanted)) {
    const near = suggestion(wanted, names);
    const known = names.length > 0 ? `; there are ${names.join(", ")}` : "; synthesize first";
    throw new UsageError(`STACK must be a stack that was synthesized into ${out}, got ${wanted}${near || known}`);
  }
  return names
    .filter((name) => wanted === undefined || name === wanted)
    .map((name) => {
      const folder = join(out, "stacks", name);
      const file = join(folder, "cdk.tf.json");
      const plan = objectIn(readFileSync(file, "utf8"));
      if (plan === undefined) throw new UsageError(`${file} must be JSON, got something else; synthesize again`);
      return new StackPlan(name, folder, plan, appId);
    });
}

/** The stacks that were synthesized into a folder. */
function stacksIn(out: string): string[] {
  const stacks = join(out, "stacks");
  if (!existsSync(stacks)) return [];
  return readdirSync(stacks).filter((name) => existsSync(join(stacks, name, "cdk.tf.json")));
}

function resourceOf(
  type: string,
  id: string,
  given: Readonly<Record<string, unknown>>,
  regions: ReadonlyMap<string, string>,
): PlannedResource {
  const provider = typeof given.provider === "string" ? given.provider : "tencentcloud";
  const metadata = isObject(given["//"]) ? given["//"].metadata : undefined;
  const path = isObject(metadata) ? metadata.path : undefined;
  return {
    type,
    id,
    path: (typeof path === "string" ? path : id).replace(/\/(Resource|Default)$/, ""),
    region: regions.get(provider),
    arguments: given,
  };
}
