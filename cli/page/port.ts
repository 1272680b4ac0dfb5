import { matching } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";

/** Reads `--port`, the page's port; 0 is any free one. Throws {@link UsageError}. */
export function portOf(text: string): number {
  const rule = "must be a port, 1 to 65535, or 0 for any free one";
  const port = Number(matching("--port", text, /^\d{1,5}$/, rule));
  if (port > 65_535) throw new UsageError(`--port ${rule}, got ${text}; see --help`);
  return port;
}
