/** Numbers of 4 bytes that all automata may keep together: 16 MiB. */
const MOST_NUMBERS = 4 * 1024 * 1024;

/** Keeps states that can be made again. */
export interface Tenant {
  /** Numbers that it keeps. */
  taken: number;
  /** Forgets what it keeps. */
  forget(): void;
}

/** Those that keep something; the one that took last stands last. */
const tenants = new Set<Tenant>();

let taken = 0;

/**
 * Counts what a tenant keeps. Where all keep too much together, those that have not taken anything for the longest time
 * forget what they keep: patterns may come from events, any number of them.
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

/** Counts that a tenant keeps nothing any more. */
export function giveBack(tenant: Tenant): void {
  taken -= tenant.taken;
  tenant.taken = 0;
  tenants.delete(tenant);
}
