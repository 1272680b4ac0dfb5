/** Maximum 4-byte numbers of all automata together: 16 MiB. */
const MOST_NUMBERS = 4 * 1024 * 1024;

/** Stores states that can be computed again. */
export interface Tenant {
  /** Count of its stored numbers. */
  taken: number;
  /** Removes what it stores. */
  forget(): void;
}

/** Tenants with stored numbers, the most recently used last. */
const tenants = new Set<Tenant>();

let taken = 0;

/**
 * Counts what a tenant stores. If the total is too large, the least recently used tenants remove their states: any
 * number of patterns can come from events.
 */
export function take(tenant: Tenant, numbers: number): void {
  tenant.taken += numbers;
  taken += numbers;
  tenants.delete(tenant);
  tenants.add(tenant);
  if (taken <= MOST_NUMBERS) return;
  for (const other of tenants) {
    if (taken <= MOST_NUMBERS / 2 || other === tenant) return;
    other.forget();
  }
}

/** Records that a tenant stores nothing any more. */
export function giveBack(tenant: Tenant): void {
  taken -= tenant.taken;
  tenant.taken = 0;
  tenants.delete(tenant);
}
