import type { SimulatedClock } from "../clock";
import { CamError } from "./error";
import { parsePolicy, type PolicyDocument } from "./policy";
import { PRESET_POLICIES } from "./presets";

/** A policy: one of the account's own, or a preset one of every account. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  /** The policy as given. */
  readonly text: string;
  readonly document: PolicyDocument;
  readonly description: string;
  readonly preset: boolean;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The policies of the account, preset ones first. */
export class Policies {
  private readonly byId = new Map<string, Policy>();

  constructor(
    private readonly clock: SimulatedClock,
    private readonly newId: () => string,
  ) {
    for (const [name, document] of Object.entries(PRESET_POLICIES)) this.add(name, document, "", true);
  }

  /** Adds a policy and returns its id. Throws {@link CamError} if the name exists. */
  add(name: string, text: string, description: string, preset: boolean): string {
    if (this.named(name)) {
      throw new CamError("FailedOperation.PolicyNameInUse", `policy name must be free, got "${name}", which exists`);
    }
    const document = parsePolicy(text, `policy ${name}`);
    const now = this.clock.now();
    const policy = { id: this.newId(), name, text, document, description, preset, createdAt: now, updatedAt: now };
    this.byId.set(policy.id, policy);
    return policy.id;
  }

  /** Changes the permissions of a policy. Throws {@link CamError} for a preset one. */
  update(policy: string, change: { document?: string; description?: string }): void {
    const stored = this.own(policy);
    const text = change.document ?? stored.text;
    const document = parsePolicy(text, `policy ${stored.name}`);
    const description = change.description ?? stored.description;
    this.byId.set(stored.id, { ...stored, text, document, description, updatedAt: this.clock.now() });
  }

  /** Removes a policy and returns its id. Throws {@link CamError} for a preset one. */
  remove(policy: string): string {
    const { id } = this.own(policy);
    this.byId.delete(id);
    return id;
  }

  all(): readonly Policy[] {
    return [...this.byId.values()];
  }

  /** The policy with that id or name. Throws {@link CamError} if there is none. */
  get(idOrName: string): Policy {
    const found = this.byId.get(idOrName) ?? this.named(idOrName);
    if (found) return found;
    throw new CamError("ResourceNotFound.PolicyIdNotFound", `policy must exist, got "${idOrName}"`);
  }

  private own(idOrName: string): Policy {
    const policy = this.get(idOrName);
    if (!policy.preset) return policy;
    throw new CamError(
      "InvalidParameter.PolicyIdError",
      `policy must be one of the account's own, got "${policy.name}"`,
    );
  }

  private named(name: string): Policy | undefined {
    return this.all().find((policy) => policy.name === name);
  }
}
