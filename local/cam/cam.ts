import { newAccessKey, type AccessKey, type Account } from "../account";
import type { SimulatedClock } from "../clock";
import { CamError } from "./error";
import { SignatureError } from "./signature";
import { Policies } from "./policies";
import { allows, parsePolicy, trusts, type PolicyDocument } from "./policy";
import { ACCOUNT_ROLES } from "./presets";

/** A role: who can assume it, and its permissions. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** The trust policy as given. */
  readonly document: string;
  readonly trust: PolicyDocument;
  readonly policyIds: ReadonlySet<string>;
  readonly details: RoleDetails;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Other attributes of a role; nothing here depends on them. */
export interface RoleDetails {
  readonly description?: string;
  readonly consoleLogin?: boolean;
  /** Lifetime of a temporary key, in seconds. */
  readonly sessionSeconds?: number;
}

interface StoredRole extends Role {
  document: string;
  trust: PolicyDocument;
  readonly policyIds: Set<string>;
  details: RoleDetails;
  updatedAt: number;
}

/** The signer of a request: the account's owner, who is allowed everything, or a role. */
export type Principal = { readonly kind: "owner" } | { readonly kind: "role"; readonly role: Role };

/** A key and its owner. */
export interface Credential {
  readonly key: AccessKey;
  readonly principal: Principal;
  /** Milliseconds since 1970 on the simulated clock; undefined for a permanent key. */
  readonly expiresAt?: number;
}

/** A role's temporary key. */
interface Session {
  readonly key: AccessKey;
  readonly expiresAt: number;
}

/** Default lifetime of a temporary key, in seconds. */
const DEFAULT_SESSION_SECONDS = 7200;
/** Milliseconds before a key expires from which requests for a key get a new one. */
const RENEWAL_MS = 60_000;

/** Roles, policies and keys of the account. */
export class Cam {
  /** The times that are accepted for signatures: the machine's time, unless functions use another. */
  signatureTimes: () => readonly number[] = () => [Date.now()];
  /** The key of the account's owner. */
  readonly ownerKey: AccessKey = newAccessKey(false);
  private readonly roles = new Map<string, StoredRole>();
  readonly policies: Policies;
  private readonly credentials = new Map<string, Credential>();
  private readonly sessions = new Map<string, Session>();
  private lastId = 4_611_686_018_000_000;

  /** @param accountRoles whether the account starts with the roles that CLS and SCF need */
  constructor(
    private readonly account: Account,
    accountRoles: boolean,
    private readonly clock: SimulatedClock,
  ) {
    this.credentials.set(this.ownerKey.secretId, { key: this.ownerKey, principal: { kind: "owner" } });
    this.policies = new Policies(clock, () => this.newId());
    if (accountRoles) for (const role of ACCOUNT_ROLES) this.createAccountRole(role);
  }

  /** Creates a role. Throws {@link CamError} if the name exists. */
  createRole(name: string, document: string, details: RoleDetails = {}): Role {
    if (this.roles.has(name)) {
      throw new CamError("InvalidParameter.RoleNameInUse", `role name must be free, got "${name}", which exists`);
    }
    const role = {
      id: this.newId(),
      name,
      arn: `qcs::cam::uin/${this.account.uin}:roleName/${name}`,
      document,
      trust: parsePolicy(document, `role ${name}`),
      policyIds: new Set<string>(),
      details,
      ...this.times(),
    };
    this.roles.set(name, role);
    return role;
  }

  /** Changes who can assume a role, or its other attributes. */
  updateRole(role: string, change: { document?: string; details?: RoleDetails }): void {
    const stored = this.findRole(role);
    if (change.document !== undefined) {
      stored.trust = parsePolicy(change.document, `role ${stored.name}`);
      stored.document = change.document;
    }
    stored.details = { ...stored.details, ...change.details };
    stored.updatedAt = this.clock.now();
  }

  /** Removes a role; its keys become invalid. */
  deleteRole(role: string): void {
    const stored = this.findRole(role);
    this.roles.delete(stored.name);
    for (const [id, { principal }] of this.credentials) {
      if (principal.kind === "role" && principal.role === stored) this.credentials.delete(id);
    }
    this.sessions.delete(stored.id);
  }

  /** All roles, in order of creation. */
  allRoles(): readonly Role[] {
    return [...this.roles.values()];
  }

  /** The role with that id or name. Throws {@link CamError} if there is none. */
  role(idOrName: string): Role {
    return this.findRole(idOrName);
  }

  /** Creates a policy and returns its id. Throws {@link CamError} if the name exists. */
  createPolicy(name: string, document: string, description = ""): string {
    return this.policies.add(name, document, description, false);
  }

  /** Removes a policy, and detaches it from all roles. */
  deletePolicy(policy: string): void {
    const id = this.policies.remove(policy);
    for (const role of this.roles.values()) role.policyIds.delete(id);
  }

  /** Attaches a policy to a role, each given by id or name. */
  attachPolicy(role: string, policy: string): void {
    this.findRole(role).policyIds.add(this.policies.get(policy).id);
  }

  /** Detaches a policy from a role, each given by id or name. */
  detachPolicy(role: string, policy: string): void {
    this.findRole(role).policyIds.delete(this.policies.get(policy).id);
  }

  /** The role of that name, if the service can assume it. Throws {@link CamError} otherwise. */
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

  /** The temporary key of a role: the same one until it is about to expire on the simulated clock. */
  assumeRole(role: Role): AccessKey {
    const now = this.clock.now();
    const open = this.sessions.get(role.id);
    if (open && open.expiresAt - now > RENEWAL_MS) return open.key;
    const key = newAccessKey(true);
    const expiresAt = now + (role.details.sessionSeconds ?? DEFAULT_SESSION_SECONDS) * 1000;
    this.sessions.set(role.id, { key, expiresAt });
    this.credentials.set(key.secretId, { key, principal: { kind: "role", role }, expiresAt });
    return key;
  }

  /** Expires all temporary keys immediately; roles that are assumed again get new ones. */
  expireKeys(): void {
    const now = this.clock.now();
    this.sessions.clear();
    for (const [id, credential] of this.credentials) {
      if (credential.expiresAt !== undefined) this.credentials.set(id, { ...credential, expiresAt: now });
    }
  }

  /** The key with that id, to check a signature. Throws {@link SignatureError} if it has expired. */
  keyToVerify(secretId: string): AccessKey | undefined {
    const credential = this.credentials.get(secretId);
    if (credential?.expiresAt !== undefined && credential.expiresAt <= this.clock.now()) {
      throw new SignatureError("expired token", "The token of the temporary key has expired.");
    }
    return credential?.key;
  }

  /** The key with that id and its owner. */
  credential(secretId: string): Credential | undefined {
    return this.credentials.get(secretId);
  }

  /** Whether the principal is allowed `action` (`cos:GetObject`) on `resource` (six segments, `qcs::cos:...`). */
  isAllowed(principal: Principal, action: string, resource: string): boolean {
    if (principal.kind === "owner") return true;
    const documents = [...principal.role.policyIds].map((id) => this.policies.get(id).document);
    return allows(documents, action, resource);
  }

  private createAccountRole({ name, trust, policies }: (typeof ACCOUNT_ROLES)[number]): void {
    const role = this.createRole(name, trust);
    for (const policy of policies) this.attachPolicy(role.id, policy);
  }

  private findRole(idOrName: string): StoredRole {
    const found = [...this.roles.values()].find((other) => other.id === idOrName) ?? this.roles.get(idOrName);
    if (found) return found;
    throw new CamError("InvalidParameter.RoleNotExist", `role must exist, got "${idOrName}"`);
  }

  private times(): { createdAt: number; updatedAt: number } {
    return { createdAt: this.clock.now(), updatedAt: this.clock.now() };
  }

  private newId(): string {
    this.lastId += 1;
    return String(this.lastId);
  }
}
