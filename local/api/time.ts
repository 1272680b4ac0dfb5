/** A time as API 3.0 writes it: `2026-01-15 16:00:00`, in China's zone. */
export function apiTime(milliseconds: number): string {
  const shifted = new Date(milliseconds + 8 * 3_600_000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
