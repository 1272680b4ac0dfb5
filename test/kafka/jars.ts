import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { cacheFolder } from "../deploy/opentofu";
import { run } from "../deploy/process";

/** What Maven fetches: `group:artifact:version`. */
type Artifact = `${string}:${string}:${string}`;

/**
 * The class path of some artifacts and all that they need, fetched once by Maven.
 *
 * @param name of the folder that keeps them
 * @throws NotRunError without Java, Maven or the network
 */
export async function classPath(name: string, artifacts: readonly Artifact[]): Promise<string> {
  await requireProgram("java", ["-version"], "no java on the PATH; install a Java development kit 17 or newer");
  const folder = join(cacheFolder(), name);
  if (!existsSync(join(folder, "complete"))) await fetchJars(name, folder, artifacts);
  return join(folder, "jars", "*");
}

async function fetchJars(name: string, folder: string, artifacts: readonly Artifact[]): Promise<void> {
  await requireProgram("mvn", ["-version"], "no mvn on the PATH; install Maven");
  process.stdout.write(`fetching ${name} into ${folder}: once, a minute\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  writeFileSync(
    join(folder, "pom.xml"),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>test</groupId>` +
      `<artifactId>peer</artifactId><version>1</version><dependencies>${dependencies.join("")}</dependencies></project>`,
  );
  const args = ["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"];
  const { status, output } = await run({ program: "mvn", args, cwd: folder, env: process.env });
  if (status !== 0) throw new NotRunError(`Maven cannot fetch ${name}: ${output.trim().split("\n")[0]}`);
  writeFileSync(join(folder, "complete"), `${artifacts.join("\n")}\n`);
}

/** @throws NotRunError where a program does not run */
export async function requireProgram(program: string, args: readonly string[], missing: string): Promise<void> {
  const ended = await run({ program, args, cwd: ".", env: process.env }).catch(() => undefined);
  if (ended?.status !== 0) throw new NotRunError(missing);
}
