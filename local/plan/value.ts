/** A value in a plan, with evaluated expressions. */
export type PlanValue = null | boolean | number | string | PlanValue[] | PlanObject;

/** An object in a plan: a resource's arguments, a block, a map. */
export interface PlanObject {
  [name: string]: PlanValue;
}

/** Whether the value is an object and not a list. */
export function isPlanObject(value: PlanValue | undefined): value is PlanObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Encodes as Terraform's `jsonencode` does: compact, with sorted keys and the escapes of Go's encoder. */
export function goJson(value: PlanValue): string {
  return JSON.stringify(sortKeys(value)).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function sortKeys(value: PlanValue): PlanValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isPlanObject(value)) return value;
  const sorted = Object.keys(value).sort(byBytes);
  return Object.fromEntries(sorted.map((key) => [key, sortKeys(value[key] ?? null)]));
}

/** Go sorts strings by UTF-8 bytes, JavaScript by UTF-16 units. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
