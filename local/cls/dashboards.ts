import { randomUUID } from "node:crypto";
import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";

/** A dashboard. The format of its charts is private to the console. */
export interface Dashboard {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Dashboards of the account. They are stored but not displayed. Refusals are thrown as {@link Refusal}. */
export class Dashboards {
  private readonly byId = new Map<string, Dashboard>();

  constructor(private readonly clock: SimulatedClock) {}

  /** Creates a dashboard and returns its id. */
  create(name: string, data: string): string {
    this.refuseName(name);
    const now = this.clock.now();
    const id = `dashboard-${randomUUID()}`;
    this.byId.set(id, { id, name, data, createdAt: now, modifiedAt: now });
    return id;
  }

  modify(id: string, changes: Partial<Pick<Dashboard, "name" | "data">>): void {
    const before = this.dashboard(id);
    if (changes.name !== undefined && changes.name !== before.name) this.refuseName(changes.name);
    this.byId.set(id, { ...before, ...changes, modifiedAt: this.clock.now() });
  }

  delete(id: string): void {
    this.byId.delete(this.dashboard(id).id);
  }

  /** The dashboard with that id. Throws if there is none. */
  dashboard(id: string): Dashboard {
    const found = this.byId.get(id);
    if (found) return found;
    throw new Refusal("ResourceNotFound.DashboardNotExist", `dashboard must exist, got "${id}"`);
  }

  all(): readonly Dashboard[] {
    return [...this.byId.values()];
  }

  private refuseName(name: string): void {
    if (!this.all().some((other) => other.name === name)) return;
    throw new Refusal("InvalidParameter.DashboardNameConflict", `name must be free, got "${name}", which exists`);
  }
}
