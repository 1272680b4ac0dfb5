import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";

/** Maximum memory that all functions of an account can reserve, in MB: its concurrency less 12,800 MB. */
const MAX_TOTAL_MB = 128_000 - 12_800;

/** Reserved and maximum memory of functions. Refusals are thrown as {@link Refusal}. */
export class Reservations {
  private readonly reserved = new Map<CloudFunction, number>();

  /** MB reserved for a function. */
  of(target: CloudFunction): number | undefined {
    return this.reserved.get(target);
  }

  /** Reserves MB for a function, replacing its previous reservation. */
  set(target: CloudFunction, memoryMb: number): void {
    const { memoryMb: instanceMb } = target.spec;
    if (memoryMb < instanceMb) {
      const message = `ReservedConcurrencyMem must have room for an instance of ${instanceMb} MB, got ${memoryMb}`;
      throw new Refusal("InvalidParameterValue", message);
    }
    const others = [...this.reserved].reduce((sum, [other, mb]) => (other === target ? sum : sum + mb), 0);
    if (others + memoryMb > MAX_TOTAL_MB) {
      const message = `reserved memory of all functions must be at most ${MAX_TOTAL_MB} MB, got ${others + memoryMb}`;
      throw new Refusal("LimitExceeded.FunctionReservedConcurrencyMemory", message);
    }
    this.reserved.set(target, memoryMb);
  }

  delete(target: CloudFunction): void {
    this.reserved.delete(target);
  }

  /** Whether a function can have another instance in addition to its busy ones; one is always allowed. */
  hasRoom(target: CloudFunction, busy: number): boolean {
    const memoryMb = this.reserved.get(target);
    return memoryMb === undefined || busy === 0 || (busy + 1) * target.spec.memoryMb <= memoryMb;
  }
}
