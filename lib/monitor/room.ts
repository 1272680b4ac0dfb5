import { isToken } from "../framework";

/** Minimum timeout in seconds of an invocation that sends alerts: a receiver that does not answer takes 30. */
export const MONITOR_TIMEOUT_SECONDS = 40;

/** Whether a function's reserved memory is enough for two instances, as far as it is known at synth. */
export function hasRoomForTwo(reservedMb: number | undefined, memoryMb: number): boolean {
  return reservedMb === undefined || isToken(reservedMb) || isToken(memoryMb) || reservedMb >= 2 * memoryMb;
}

/** The message if it is not. */
export function roomForTwo(reservedMb: number | undefined, memoryMb: number): string {
  return (
    `reservedConcurrencyMb must be that of two instances at least, ${2 * memoryMb}, got ${reservedMb}; where one is at ` +
    `work and there is no room for another, SCF answers 432 and a record waits a minute and more: leave it out`
  );
}
