import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssetType, TerraformAsset, type Construct } from "../framework";
import { contentHash } from "./zip";

/**
 * Adds a file to the stack's assets. Returns its path relative to the stack's folder, which contains the content's
 * hash.
 */
export function addFileAsset(scope: Construct, id: string, name: string, bytes: Uint8Array): string {
  const assetHash = contentHash(bytes);
  return new TerraformAsset(scope, id, { path: stage(name, bytes, assetHash), type: AssetType.FILE, assetHash }).path;
}

let stagingFolder: string | undefined;

/** Writes bytes to a temporary file that the framework can copy at synth. It is deleted when the process ends. */
function stage(name: string, bytes: Uint8Array, hash: string): string {
  if (stagingFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-tencent-logs-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    stagingFolder = folder;
  }
  const folder = join(stagingFolder, hash);
  const file = join(folder, name);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, bytes);
  return file;
}
