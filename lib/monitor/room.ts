import { isToken } from "../framework";

/** Seconds that an invocation must have which tells people: a receiver that is away takes 30. */
export const MONITOR_TIMEOUT_SECONDS = 40;

/** Whether the memory that a function has for itself holds two instances, as far as synth knows. */
export function hasRoomForTwo(reservedMb: number | undefined, memoryMb: number): boolean {
  return reservedMb === undefined || isToken(reservedMb) || isToken(memoryMb) || reservedMb >= 2 * memoryMb;
}

/** What is said where it does not. */
export function roomForTwo(reservedMb: number | undefined, memoryMb: number): string {
  return (
    `reservedConcurrencyMb must be that of two instances at least, ${2 * memoryMb}, got ${reservedMb}; where one is at ` +
    `work and there is no room for another, SCF answers 432 and a record waits a minute and more: leave it out`
  );
}
