import type { Console } from "./console";

/**
 * Whether to write colours: as set by https://no-color.org and https://force-color.org, otherwise only on a terminal.
 */
export function hasColors({ stdout }: Console, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = environment;
  if (force !== undefined && force !== "") return force !== "0";
  return (no === undefined || no === "") && stdout.isTTY === true;
}
