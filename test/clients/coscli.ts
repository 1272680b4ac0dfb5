import { equal, match } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runToSuccess } from "../deploy/process";
import type { Trial } from "./trial";

/** What coscli's users do first, with the flags that `local --serve` prints. */
export async function tryCoscli(program: string, { served, folder: parent, step }: Trial): Promise<void> {
  const folder = join(parent, "coscli");
  mkdirSync(join(folder, "many"), { recursive: true });
  const env = served.environment({ HOME: folder });
  const { TENCENTCLOUD_SECRET_ID: id = "", TENCENTCLOUD_SECRET_KEY: key = "" } = env;
  const flags = ["-e", `cos.${served.region}.myqcloud.com`, "-i", id, "-k", key, "-p", "http", "--init-skip"];
  const coscli = (...args: string[]) => runToSuccess({ program, args: [...args, ...flags], cwd: folder, env });
  // What cp and sync need to go through a proxy.
  const copy = (...args: string[]) => coscli(...args, "--disable-long-links");
  const bucket = `cos://cli-${served.appId}`;

  await step("makes a bucket, and lists all", async () => {
    await coscli("mb", bucket);
    match(await coscli("ls"), new RegExp(`cli-${served.appId}.*${served.region}`));
  });
  await step("copies a file there and back, shows and lists it", async () => {
    writeFileSync(join(folder, "a.txt"), "hello\n");
    await copy("cp", "a.txt", `${bucket}/in/a b.txt`);
    equal((await coscli("cat", `${bucket}/in/a b.txt`)).trim(), "hello");
    match(await coscli("ls", bucket), /in\/ +\| +DIR/);
    match(await coscli("ls", bucket, "-r"), /in\/a b\.txt/);
    await copy("cp", `${bucket}/in/a b.txt`, "b.txt");
    equal(readFileSync(join(folder, "b.txt"), "utf8"), "hello\n");
  });
  await step("sends a large file in parts, copies it between buckets, and reads it", async () => {
    // Over 32 MB it comes in parts.
    writeFileSync(join(folder, "large"), randomBytes(40_000_000));
    await copy("cp", "large", `${bucket}/large`);
    await copy("cp", `${bucket}/large`, `${bucket}/again`);
    await copy("cp", `${bucket}/again`, "back");
    equal(Buffer.compare(readFileSync(join(folder, "large")), readFileSync(join(folder, "back"))), 0);
  });
  await step("syncs a folder", async () => {
    for (const name of ["1", "2", "3"]) writeFileSync(join(folder, "many", name), name);
    await copy("sync", "many", `${bucket}/many/`, "-r");
    equal([...(await coscli("ls", `${bucket}/many/`, "-r")).matchAll(/many\/\d/g)].length, 3);
  });
  await step("removes an object, all, and the bucket", async () => {
    await coscli("rm", `${bucket}/again`, "-f");
    await coscli("rm", `${bucket}/`, "-r", "-f");
    await coscli("rb", bucket);
    equal((await coscli("ls")).includes(`cli-${served.appId}`), false);
  });
}
