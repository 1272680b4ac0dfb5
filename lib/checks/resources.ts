/** The checks by resource type, for resources of our constructs and plain ones alike. */
import { camPolicy, clsTopic, cosBucket, scfFunction, scfTrigger } from "@cdktf/provider-tencentcloud";
import { isToken, resolved, type TerraformResource } from "../framework";
import { LogFunction } from "../scf/function";
import type { Found } from "./finding";

/** The number of days that means permanent storage. Fact: docs/design/facts/provider.md#topic. */
const FOREVER = 3640;

/** All findings at a resource. */
export function look(resource: TerraformResource): Found[] {
  return [...tagsOf(resource), ...ofItsType(resource)];
}

function ofItsType(resource: TerraformResource): Found[] {
  if (resource instanceof clsTopic.ClsTopic) return lookAtTopic(resource);
  if (resource instanceof cosBucket.CosBucket) return lookAtBucket(resource);
  if (resource instanceof camPolicy.CamPolicy) return lookAtPolicy(resource);
  if (resource instanceof scfFunction.ScfFunction) return lookAtFunction(resource);
  if (resource instanceof scfTrigger.ScfTrigger) return lookAtTrigger(resource);
  return [];
}

function lookAtTopic({ periodInput }: clsTopic.ClsTopic): Found[] {
  if (periodInput !== undefined && periodInput !== FOREVER) return [];
  const what = periodInput === FOREVER ? "for ever" : "for as long as CLS decides";
  return [
    {
      id: "topic-retention",
      cause: `the topic keeps records ${what}: storage is billed each day, and personal data must not lie for ever`,
      remedy: "set retentionDays",
    },
  ];
}

function lookAtBucket(bucket: cosBucket.CosBucket): Found[] {
  const { aclInput: acl, encryptionAlgorithmInput, lifecycleRulesInput } = bucket;
  const found: Found[] = [];
  if (acl !== undefined && !isToken(acl) && acl !== "private") {
    found.push({
      id: "bucket-private",
      cause: `the bucket's acl is ${JSON.stringify(acl)}: anybody may read the logs in it`,
      remedy: 'set acl to "private", and grant the roles that read it',
    });
  }
  if (encryptionAlgorithmInput === undefined) {
    found.push({
      id: "bucket-encrypted",
      cause: "COS does not encrypt what is stored in the bucket",
      remedy: 'set encryption to "AES256", which costs nothing, or to "KMS" for a key of your own',
    });
  }
  const rules = isToken(lifecycleRulesInput) ? undefined : (lifecycleRulesInput as cosBucket.CosBucketLifecycleRules[]);
  if (lifecycleRulesInput === undefined || (rules && !rules.some(({ expiration }) => expiration !== undefined))) {
    found.push({
      id: "bucket-expires",
      cause: "no lifecycle rule deletes anything: the bucket grows for ever",
      remedy: "set lifecycle with expirationDays",
    });
  }
  return found;
}

interface Statement {
  readonly effect?: unknown;
  readonly action?: unknown;
  readonly resource?: unknown;
}

function lookAtPolicy(policy: camPolicy.CamPolicy): Found[] {
  const wide = statementsOf(policy).filter(
    ({ effect, action, resource }) =>
      effect !== "deny" && ([action].flat().some(isWide) || [resource].flat().includes("*")),
  );
  if (wide.length === 0) return [];
  return [
    {
      id: "least-privilege",
      cause: `${wide.length === 1 ? "a statement allows" : `${wide.length} statements allow`} all actions of a service, or an action on everything`,
      remedy: "name the actions and the resources that are needed; a construct's grant methods do",
    },
  ];
}

/** Whether an action covers the whole account or a whole service: `*`, `cls:*`, `name/cos:*`. */
function isWide(action: unknown): boolean {
  return typeof action === "string" && /(^|:)\*$/.test(action);
}

function statementsOf(policy: camPolicy.CamPolicy): Statement[] {
  const document = resolved(policy, policy.documentInput);
  try {
    const { statement } = JSON.parse(String(document)) as { readonly statement?: Statement | Statement[] };
    return [statement ?? []].flat();
  } catch {
    // Only the plan knows the complete document.
    return [];
  }
}

function lookAtFunction({ node }: scfFunction.ScfFunction): Found[] {
  const owner = node.scope instanceof LogFunction ? node.scope : undefined;
  const found: Found[] = [];
  if (owner?.alarm === undefined) {
    found.push({
      id: "failure-alarm",
      cause: "nobody is told when the function fails",
      remedy: owner ? "set alarm, with a logTopic" : "make it a LogFunction with alarm and logTopic",
    });
  }
  if (owner?.prebuilt === undefined) {
    found.push({
      id: "failure-destination",
      cause: "an event on which the function fails is dropped after SCF's retries",
      remedy: "use a pipeline, which keeps it in quarantine, or keep it yourself and suppress this with the reason",
    });
  }
  return found;
}

function lookAtTrigger(trigger: scfTrigger.ScfTrigger): Found[] {
  if (trigger.typeInput !== "cos") return [];
  if (prefixOf(resolved(trigger, trigger.triggerDescInput)) !== "") return [];
  return [
    {
      id: "no-recursion",
      cause: "the trigger is for every object of its bucket: a function that writes there too invokes itself for ever",
      remedy: "filter by a prefix that the function does not write below",
    },
  ];
}

/** The prefix that a COS trigger filters by; undefined if only the plan knows it. */
function prefixOf(description: unknown): string | undefined {
  if (description === undefined) return "";
  try {
    const { filter } = JSON.parse(String(description)) as { readonly filter?: { readonly Prefix?: string } };
    return filter?.Prefix ?? "";
  } catch {
    return undefined;
  }
}

/** Reports resources that support tags and have none. */
function tagsOf(resource: TerraformResource): Found[] {
  if (!("tagsInput" in resource)) return [];
  const tags: unknown = resource.tagsInput;
  if (isToken(tags) || Object.keys((tags as object | undefined) ?? {}).length > 0) return [];
  return [
    {
      id: "tags",
      cause: "the resource has no tags: its cost and its owner cannot be told from others'",
      remedy: "set tags on the construct",
    },
  ];
}
