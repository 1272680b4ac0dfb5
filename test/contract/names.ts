/** The arguments of a resource that name it or what it stands on, by name. */
export interface Names {
  readonly [name: string]: unknown;
  /** Key prefixes in a function's settings: where its objects and its notes lie. */
  readonly prefixes?: readonly string[];
}

/** What a stack promises to whoever has deployed it: its resources' addresses, and what they are called. */
export type Contract = Readonly<Record<string, Names>>;

interface Kind {
  /** Arguments that name the thing in the cloud, or whose change the cloud answers by making it anew. */
  readonly names: readonly string[];
  /** What is lost with it, where something is. */
  readonly loses?: string;
}

/** Every type of resource that the package makes. */
export const KINDS: Readonly<Record<string, Kind>> = {
  tencentcloud_cam_policy: { names: ["name"] },
  tencentcloud_cam_role: { names: ["name"] },
  tencentcloud_cam_role_policy_attachment: { names: ["role_id", "policy_id"] },
  tencentcloud_cam_role_policy_attachment_by_name: { names: ["role_name", "policy_name"] },
  tencentcloud_cls_alarm: { names: ["name"] },
  tencentcloud_cls_alarm_notice: { names: ["name"] },
  tencentcloud_cls_cos_shipper: {
    names: ["shipper_name", "topic_id", "bucket", "prefix", "partition"],
    loses: "what is logged until it is made again is not shipped",
  },
  tencentcloud_cls_dashboard: { names: ["dashboard_name"] },
  tencentcloud_cls_data_transform: { names: ["name", "src_topic_id"] },
  tencentcloud_cls_index: { names: ["topic_id"] },
  tencentcloud_cls_logset: { names: ["logset_name"] },
  tencentcloud_cls_topic: { names: ["topic_name", "logset_id"], loses: "all of its records are lost" },
  tencentcloud_cos_bucket: {
    names: ["bucket"],
    loses: "COS refuses while there are objects in it, and the deployment fails; with forceClean, its objects are lost",
  },
  tencentcloud_scf_function: {
    names: ["name", "namespace", "runtime"],
    loses: "its triggers go with it, and what happens meanwhile invokes nothing",
  },
  tencentcloud_scf_function_event_invoke_config: { names: ["function_name", "namespace"] },
  tencentcloud_scf_reserved_concurrency_config: { names: ["function_name", "namespace"] },
  tencentcloud_scf_trigger: {
    names: ["trigger_name", "type", "function_name", "namespace", "qualifier"],
    loses: "what happens until it is made again invokes nothing",
  },
  // What resources are replaced by, and the deliveries of CLS.
  terraform_data: { names: ["input", "triggers_replace"], loses: "what depends on it is replaced" },
};

/** A synthesized stack. */
interface Plan {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** What a plan promises. Throws for a type of resource of which {@link KINDS} does not say what names it. */
export function contractOf(plan: string): Contract {
  const { resource } = JSON.parse(plan) as Plan;
  const contract: Record<string, Names> = {};
  for (const type of Object.keys(resource).sort()) {
    const kind = KINDS[type];
    if (!kind) throw new Error(`KINDS in test/contract/names.ts must say what names a ${type}, got nothing`);
    for (const [id, values] of Object.entries(resource[type] ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))) {
      const named = kind.names.filter((name) => name in values).map((name) => [name, values[name]] as const);
      const prefixes = keyPrefixesIn(values);
      contract[`${type}.${id}`] = { ...Object.fromEntries(named), ...(prefixes.length > 0 && { prefixes }) };
    }
  }
  return contract;
}

function keyPrefixesIn({ environment }: { readonly environment?: unknown }): string[] {
  const { LOGS_SETTINGS = "" } = (environment ?? {}) as { LOGS_SETTINGS?: string };
  return [...LOGS_SETTINGS.matchAll(/"prefix":"([^"]*)"/g)].map(([, prefix = ""]) => prefix).sort();
}
