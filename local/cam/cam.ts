import { newAccessKey, type AccessKey, type Account } from "../account";
import { allows, parsePolicy, trusts, type PolicyDocument } from "./policy";
import { ACCOUNT_ROLES, PRESET_POLICIES } from "./presets";

/** A role: who may assume it, and what it then may do. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly policyIds: Set<string>;
}

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly document: PolicyDocument;
}

/** Who signed a request: the account's owner, who may do all, or a role. */
export type Principal = { readonly kind: "owner" } | { readonly kind: "role"; readonly role: Role };

/** A key and whom it belongs to. */
export interface Credential {
  readonly key: AccessKey;
  readonly principal: Principal;
}

/** A request that CAM refuses; `code` is Tencent's. */
export class CamError extends Error {
  override readonly name = "CamError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Roles, policies and keys of the account. */
export class Cam {
  /** The key of the account's owner. */
  readonly ownerKey: AccessKey = newAccessKey(false);
  private readonly roles = new Map<string, Role>();
  private readonly policies = new Map<string, Policy>();
  private readonly credentials = new Map<string, Credential>();
  private readonly sessions = new Map<string, AccessKey>();
  private lastId = 4_611_686_018_000_000;

  /** @param accountRoles Whether the account starts with the roles that CLS and SCF need. */
  constructor(
    private readonly account: Account,
    accountRoles: boolean,
  ) {
    this.credentials.set(this.ownerKey.secretId, { key: this.ownerKey, principal: { kind: "owner" } });
    for (const [name, document] of Object.entries(PRESET_POLICIES)) this.createPolicy(name, document);
    if (accountRoles) for (const role of ACCOUNT_ROLES) this.createAccountRole(role);
  }

  /** Makes a role. Throws {@link CamError} where the name is taken. */
  createRole(name: string, trustDocument: string): Role {
    if (this.roles.has(name)) {
      throw new CamError("InvalidParameter.RoleNameInUse", `role name must be free, got "${name}", which exists`);
    }
    const role = {
      id: this.newId(),
      name,
      arn: `qcs::cam::uin/${this.account.uin}:roleName/${name}`,
      trust: parsePolicy(trustDocument, `role ${name}`),
      policyIds: new Set<string>(),
    };
    this.roles.set(name, role);
    return role;
  }

  /** Makes a policy and returns its id. Throws {@link CamError} where the name is taken. */
  createPolicy(name: string, document: string): string {
    if (this.policyNamed(name)) {
      throw new CamError("InvalidParameter.PolicyNameInUse", `policy name must be free, got "${name}", which exists`);
    }
    const policy = { id: this.newId(), name, document: parsePolicy(document, `policy ${name}`) };
    this.policies.set(policy.id, policy);
    return policy.id;
  }

  /** Attaches a policy to a role, each by its id or its name. */
  attachPolicy(role: string, policy: string): void {
    const roleFound = [...this.roles.values()].find((other) => other.id === role) ?? this.roles.get(role);
    if (!roleFound) throw new CamError("InvalidParameter.RoleNotExist", `role must exist, got "${role}"`);
    const policyFound = this.policies.get(policy) ?? this.policyNamed(policy);
    if (!policyFound) throw new CamError("ResourceNotFound.PolicyIdNotFound", `policy must exist, got "${policy}"`);
    roleFound.policyIds.add(policyFound.id);
  }

  /** The role of that name, where the service may assume it. Throws {@link CamError} otherwise. */
  roleFor(service: string, name: string): Role {
    const role = this.roles.get(name);
    if (!role) throw new CamError("InvalidParameter.RoleNotExist", `role must exist, got "${name}"`);
    if (!trusts(role.trust, service)) {
      throw new CamError(
        "UnauthorizedOperation.AssumeRole",
        `role "${name}" must trust ${service}; name it in its document`,
      );
    }
    return role;
  }

  /** The temporary key of a role, the same one as long as the cloud runs. */
  assumeRole(role: Role): AccessKey {
    const open = this.sessions.get(role.id);
    if (open) return open;
    const key = newAccessKey(true);
    this.sessions.set(role.id, key);
    this.credentials.set(key.secretId, { key, principal: { kind: "role", role } });
    return key;
  }

  /** The key of that id and whom it belongs to. */
  credential(secretId: string): Credential | undefined {
    return this.credentials.get(secretId);
  }

  /** Whether the principal may do `action` (`cos:GetObject`) on `resource` (six segments, `qcs::cos:...`). */
  isAllowed(principal: Principal, action: string, resource: string): boolean {
    if (principal.kind === "owner") return true;
    const documents = [...principal.role.policyIds].map((id) => this.policies.get(id)?.document ?? []);
    return allows(documents, action, resource);
  }

  private createAccountRole({ name, trust, policies }: (typeof ACCOUNT_ROLES)[number]): void {
    const role = this.createRole(name, trust);
    for (const policy of policies) this.attachPolicy(role.id, policy);
  }

  private policyNamed(name: string): Policy | undefined {
    return [...this.policies.values()].find((policy) => policy.name === name);
  }

  private newId(): string {
    this.lastId += 1;
    return String(this.lastId);
  }
}
