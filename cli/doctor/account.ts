import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { ServiceError } from "../../functions/tencent/service-error";
import { CLS_ROLE, SCF_ROLE, type ServiceRole } from "../../lib/cam/service-roles";
import { type Answer, type Cloud, listIn, objectAt } from "./cloud";
import { Check, type Finding, type Section } from "./finding";

/** Milliseconds from which a clock counts as wrong; from five minutes on, signatures are refused. */
const CLOCK_LIMIT_MS = 60_000;

/** Fraction of a quota that can be used without a finding. */
const QUOTA_SHARE = 0.9;

/** Findings about an account, and its identity. */
export interface LookedAtAccount extends Section {
  /** Whether the keys work, so that further checks are possible. */
  readonly isOpen: boolean;
  /** Undefined if it could not be determined. */
  readonly appId?: string;
}

/** Variables with the keys. */
const KEY_VARIABLES = ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"] as const;

/** Checks the keys before any request. */
export function lookAtKeys(environment: NodeJS.ProcessEnv): Finding | undefined {
  const missing = KEY_VARIABLES.filter((name) => !environment[name]);
  if (missing.length === 0) return undefined;
  const file = join(homedir(), ".tccli");
  const also = existsSync(file) ? `; Terraform also reads ${file}, these commands do not` : "";
  const remedy = `export the keys that you deploy with, and TENCENTCLOUD_SECURITY_TOKEN for temporary ones${also}`;
  return new Check("keys").wrong("keys", `${missing.join(" and ")} not set`, remedy);
}

/** Checks keys, clock, CLS, the account's roles and quotas. */
export async function lookAtAccount(cloud: Cloud, environment: NodeJS.ProcessEnv): Promise<LookedAtAccount> {
  const keys = await lookWithKeys(cloud, environment);
  const first = [keys, ...lookAtClock(cloud)];
  const title = `the account, in ${cloud.region}`;
  if (keys.verdict !== "ok") return { title, findings: first, isOpen: false };
  const appId = await appIdOf(cloud);
  const findings = await Promise.all([
    lookAtCls(cloud),
    lookAtRole(cloud, CLS_ROLE, "CLS cannot ship to COS without it"),
    lookAtRole(cloud, SCF_ROLE, "SCF cannot create COS triggers without it"),
    lookAtFunctionQuotas(cloud),
    lookAtTopicCount(cloud),
  ]);
  return { title, findings: [...first, ...findings.flat()], isOpen: true, ...(appId !== undefined && { appId }) };
}

async function lookWithKeys(cloud: Cloud, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const check = new Check("keys");
  const { secretId, sessionToken } = cloud.credentials();
  const which = `${secretId.slice(0, 4)}...${secretId.slice(-4)}${sessionToken ? ", temporary" : ""}`;
  try {
    const { Arn, AccountId } = await cloud.ask("sts:GetCallerIdentity");
    return check.ok("keys", `${which}, from the environment: ${String(Arn ?? AccountId)}`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const seen = `${which}, from the environment: ${error.message}`;
    const isSeenExpired = /Expire/i.test(error.code) && Math.abs(cloud.aheadMs ?? 0) > CLOCK_LIMIT_MS;
    if (isSeenExpired) return check.unknown("keys", seen, "set this machine's clock, then run doctor again");
    if (!/^(AuthFailure|UnauthorizedOperation)/.test(error.code)) return check.refused("keys", error);
    const token = environment.TENCENTCLOUD_SECURITY_TOKEN ? "; tokens expire: get a new one" : "";
    return check.wrong("keys", seen, `copy the id and the key of an enabled pair from the console${token}`);
  }
}

/** Any answer contains the time, even a refusal. */
function lookAtClock({ aheadMs }: Cloud): Finding[] {
  const check = new Check("clock");
  if (aheadMs === undefined) return [check.unknown("clock", "no service returned its time", "check the network")];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const seen = `${durationOf(seconds)} ${aheadMs > 0 ? "behind" : "ahead of"} the cloud's`;
  if (Math.abs(aheadMs) > CLOCK_LIMIT_MS) {
    return [
      check.wrong("clock", `${seen}; signatures are refused from 5 minutes on`, "synchronize it, for example with NTP"),
    ];
  }
  // The cloud's time has whole seconds.
  return [check.ok("clock", seconds <= 1 ? "in sync with the cloud's" : seen)];
}

function durationOf(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}

async function appIdOf(cloud: Cloud): Promise<string | undefined> {
  try {
    const { AppId } = await cloud.ask("cam:GetUserAppId");
    return AppId === undefined ? undefined : String(AppId);
  } catch (error) {
    // Only bucket names contain it; the checks do not need it.
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Fact: docs/design/facts/runtime.md#whether-cls-is-on. */
async function lookAtCls(cloud: Cloud): Promise<readonly Finding[]> {
  const check = new Check("cls");
  return check.look("CLS", async () => {
    const { Status: status } = await cloud.ask("cls:GetClsService");
    if (status === 0) return check.ok("CLS", "activated");
    const remedy = "open https://console.cloud.tencent.com/cls once, as the account's owner";
    return check.wrong("CLS", `not activated (Status ${String(status)})`, remedy);
  });
}

/** Fact: docs/design/facts/runtime.md#roles. */
async function lookAtRole(cloud: Cloud, role: ServiceRole, why: string): Promise<readonly Finding[]> {
  const { name, service, policyName } = role;
  const check = new Check("account-role");
  const what = `role ${name}`;
  const remedy = "put LogAccountRoles into a stack of its own and deploy it, or authorize the service in its console";
  return check.look(what, async () => {
    const found = await roleOf(cloud, name);
    if (found === undefined) return check.wrong(what, `does not exist; ${why}`, remedy);
    if (!isAssumedBy(found, service)) return check.wrong(what, `cannot be assumed by ${service}; ${why}`, remedy);
    const answer = await cloud.ask("cam:ListAttachedRolePolicies", { RoleName: name, Page: 1, Rp: 100 });
    const policies = listIn(answer, "List").map(({ PolicyName }) => String(PolicyName));
    if (policies.includes(policyName)) return check.ok(what, `exists, with ${policyName}`);
    const has = policies.length === 0 ? "no policy" : `only ${policies.join(", ")}`;
    return check.wrong(what, `has ${has}, not ${policyName}; ${why}`, remedy);
  });
}

/** A role; undefined if there is none of that name. */
export async function roleOf(cloud: Cloud, name: string): Promise<Answer | undefined> {
  try {
    return objectAt(await cloud.ask("cam:GetRole", { RoleName: name }), "RoleInfo");
  } catch (error) {
    if (error instanceof ServiceError && /RoleNotExist|ResourceNotFound/.test(error.code)) return undefined;
    throw error;
  }
}

/** Whether a role's trust policy names the service. */
export function isAssumedBy({ PolicyDocument: document }: Answer, service: string): boolean {
  const statements = [objectIn(typeof document === "string" ? document : "")?.statement].flat().filter(isObject);
  return statements.some(({ effect, principal }) => {
    const services = isObject(principal) ? [principal.service].flat() : [];
    return effect === "allow" && services.includes(service);
  });
}

/** Fact: docs/design/facts/runtime.md#quotas. */
async function lookAtFunctionQuotas(cloud: Cloud): Promise<readonly Finding[]> {
  const check = new Check("quota");
  return check.look("quotas of SCF", async () => {
    const answer = await cloud.ask("scf:GetAccount");
    const [usage, limit] = [objectAt(answer, "AccountUsage"), objectAt(answer, "AccountLimit")];
    const limits = new Map(listIn(limit, "Namespace").map((each) => [each.Namespace, each]));
    const namespaces = listIn(usage, "Namespace").flatMap((each) => {
      const most = limits.get(each.Namespace)?.FunctionsCount;
      return used(check, `functions of namespace ${String(each.Namespace)}`, each.FunctionsCount, most);
    });
    return [...used(check, "namespaces", usage.NamespacesCount, limit.NamespacesCount), ...namespaces];
  });
}

function used(check: Check, what: string, count: unknown, most: unknown): Finding[] {
  if (typeof count !== "number" || typeof most !== "number") return [];
  const seen = `${count} of ${most}`;
  if (count < most * QUOTA_SHARE) return [check.ok(what, seen)];
  return [check.wrong(what, seen, "delete what is not used, or request a higher quota from Tencent Cloud by ticket")];
}

/** CLS does not report the limit. */
async function lookAtTopicCount(cloud: Cloud): Promise<readonly Finding[]> {
  const check = new Check("quota");
  return check.look("topics", async () => {
    const { TotalCount: count } = await cloud.ask("cls:DescribeTopics", { Offset: 0, Limit: 1 });
    return check.ok("topics", `${String(count)}; CLS does not report the quota`);
  });
}
