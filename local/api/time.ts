/** A time in API 3.0's format: `2026-01-15 16:00:00`, in China's time zone. */
export function apiTime(milliseconds: number): string {
  const shifted = new Date(milliseconds + 8 * 3_600_000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
