import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProjectWatcher } from "../../../cli/app/watcher";

let folder: string;
let watcher: ProjectWatcher;
let told: string[][];
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "watch-")));
  mkdirSync(join(folder, "node_modules"));
  mkdirSync(join(folder, "rules"));
  write("main.ts", "1");
  write("rules/a.sls", "1");
  told = [];
  watcher = new ProjectWatcher(folder, new Set([join(folder, "fed.log")]), (files) => void told.push([...files]));
  // What was written before is no change.
  await sleep(100);
  told = [];
});
afterEach(() => {
  watcher.close();
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

async function toldAfter(change: () => void): Promise<string[]> {
  change();
  for (let waited = 0; waited < 3000 && told.length === 0; waited += 20) await sleep(20);
  await sleep(100);
  return [...new Set(told.splice(0).flat())].sort();
}

it("tells files that changed, in folders as well, together", async () => {
  expect(
    await toldAfter(() => {
      write("main.ts", "22");
      write("rules/a.sls", "22");
    }),
  ).toEqual(["main.ts", "rules/a.sls"]);
});

it("sees folders that are made later", async () => {
  mkdirSync(join(folder, "later"));
  await sleep(150);
  expect(await toldAfter(() => write("later/b.ts", "1"))).toEqual([join("later", "b.ts")]);
});

it("leaves alone what is none of the app's, and files that came and went", async () => {
  write("node_modules/x.js", "1");
  write("fed.log", "1");
  write("main.ts~", "1");
  write("terraform.logs.tfstate", "1");
  write("sedXY", "1");
  rmSync(join(folder, "sedXY"));
  expect(await toldAfter(() => write("main.ts", "333"))).toEqual(["main.ts"]);
});
