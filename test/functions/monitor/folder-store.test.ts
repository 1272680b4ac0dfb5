import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../../functions/monitor/folder-store";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "folder-store-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function keysOf(store: FolderStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

describe("a store in a folder", () => {
  it("keeps objects by their keys, over its own end", async () => {
    const store = new FolderStore(join(folder, "new"));
    expect(await store.get("a/b")).toBeUndefined();
    expect(await keysOf(store, "")).toEqual([]);
    await store.put("a/b", "1");
    await store.put("a/b", "2 中");
    await store.put("a/c", "3");
    await store.put("b", "4");
    const other = new FolderStore(join(folder, "new"));
    expect(await other.get("a/b")).toBe("2 中");
    expect(await keysOf(other, "a/")).toEqual(["a/b", "a/c"]);
    expect(await keysOf(other, "")).toEqual(["a/b", "a/c", "b"]);
    await other.remove("a/b");
    await other.remove("a/b");
    expect(await keysOf(store, "a/")).toEqual(["a/c"]);
  });

  it("lets one of several that create at once win", async () => {
    const stores = Array.from({ length: 20 }, () => new FolderStore(folder));
    const made = await Promise.all(stores.map((store, index) => store.create("a/claim", String(index))));
    expect(made.filter((one) => one === "created")).toHaveLength(1);
    expect(await stores[0].get("a/claim")).toBe(String(made.indexOf("created")));
  });

  it("leaves nothing of a write that fails, and names no file that is not finished", async () => {
    writeFileSync(join(folder, "file"), "");
    const store = new FolderStore(folder);
    await expect(store.put("file/below", "1")).rejects.toThrow(/ENOTDIR|EEXIST/);
    writeFileSync(join(folder, "a.123-0.unfinished"), "half");
    expect(await keysOf(store, "")).toEqual(["file"]);
    expect(readdirSync(folder).sort()).toEqual(["a.123-0.unfinished", "file"]);
  });

  it.each(["../a", "a/../../b", "/a", "a//b", "a/", "a\0b"])("takes no key that leads elsewhere: %j", async (key) => {
    await expect(new FolderStore(folder).put(key, "1")).rejects.toThrow("a key must be names with / between");
  });
});
