import { PlanError } from "../plan/stack";
import type { ResolvedResource } from "../plan/resolve";
import { isPlanObject, type PlanObject, type PlanValue } from "../plan/value";

/** Reads a resource's arguments by type; errors name the resource and the argument. */
export class Arguments {
  constructor(
    readonly address: string,
    private readonly values: PlanObject,
    private readonly path = "",
  ) {}

  static of(resolved: ResolvedResource): Arguments {
    return new Arguments(resolved.resource.address, resolved.arguments);
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw this.wrong(name, "must be given", undefined);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.optionalValue(name);
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw this.wrong(name, "must be a string", value);
  }

  number(name: string, otherwise: number): number {
    const value = this.optionalValue(name) ?? otherwise;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number)) return number;
    throw this.wrong(name, "must be a number", value);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.optionalValue(name) ?? otherwise;
    if (typeof value === "boolean") return value;
    throw this.wrong(name, "must be true or false", value);
  }

  texts(name: string): string[] {
    const value = this.optionalValue(name) ?? [];
    if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value;
    throw this.wrong(name, "must be a list of strings", value);
  }

  /** A map of strings; numbers and booleans become text, as in Terraform. */
  map(name: string): Record<string, string> {
    const value = this.optionalValue(name) ?? {};
    if (!isPlanObject(value)) throw this.wrong(name, "must be a map", value);
    const composite = Object.values(value).find((entry) => typeof entry === "object" && entry !== null);
    if (composite !== undefined) throw this.wrong(name, "must hold strings, numbers and booleans", composite);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry ?? "")]));
  }

  /** The blocks of that name: cdktf writes one as an object or as a list. */
  blocks(name: string): Arguments[] {
    const value = this.optionalValue(name);
    const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
    return list.map((entry) => {
      if (!isPlanObject(entry)) throw this.wrong(name, "must be a block", entry);
      return new Arguments(this.address, entry, `${this.path}${name}.`);
    });
  }

  block(name: string): Arguments | undefined {
    return this.blocks(name)[0];
  }

  wrong(name: string, rule: string, value: PlanValue | undefined): PlanError {
    const shown = value === undefined ? "nothing" : JSON.stringify(value);
    return new PlanError(`${this.address}: ${this.path}${name} ${rule}, got ${shown}`);
  }

  /** The unchanged value; `null` counts as absent. */
  optionalValue(name: string): PlanValue | undefined {
    return this.values[name] ?? undefined;
  }
}
