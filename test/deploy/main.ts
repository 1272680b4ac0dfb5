/**
 * `npm run test:deploy [-- STACK...]`: runs real Terraform with the real provider against the local cloud, for every
 * example and for features that no example uses, or for the named stacks. Exit status 1 if a step failed, 3 if the
 * machine lacks what the tests need.
 */
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { findBinary, type Binary } from "./binary";
import { COMMAND_LINE_EXAMPLE, testCommandLine } from "./command-line";
import { runInLanes } from "./lanes";
import { testLifecycle } from "./lifecycle";
import { buildTofu } from "./opentofu";
import { expectProviderForTofu, findProvider } from "./provider";
import { Report } from "./report";
import { expectSchema } from "./schema";
import { findStacks } from "./stacks";
import { runSuite } from "./suite";
import { Terraform } from "./terraform";

/** One more than there are CPUs: a test waits half of its time for the provider, which sleeps after many calls. */
const LANES = availableParallelism() + 1;

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const stacks = findStacks(root, process.argv.slice(2));
  const binary = findBinary() ?? (await ownTofu(root));
  const provider = await findProvider(binary, folder);
  process.stdout.write(`${binary.program}, provider from ${provider.from}\n`);

  const tools = { root, folder, binary, provider };
  const report = new Report();
  const checkSchema = (): Promise<void> =>
    report.step("all", "provider's schema is ours", async () => {
      const terraform = new Terraform(binary, provider.folder, provider.env, {});
      expectSchema(root, await terraform.providerSchema());
    });
  const tests: (() => Promise<void>)[] = [checkSchema];
  tests.push(...stacks.map((stack) => () => testLifecycle(stack, tools, report)));
  if (stacks.some(({ name }) => name === COMMAND_LINE_EXAMPLE)) tests.push(() => testCommandLine(tools, report));
  const failures = await runInLanes(LANES, tests);
  process.stdout.write(`\n${report.table()}\n`);
  for (const { message } of failures) process.stderr.write(`\n${message}\n`);
  return failures.length > 0 ? 1 : 0;
}

/** If there is no Terraform: OpenTofu, built here. */
async function ownTofu(root: string): Promise<Binary> {
  await expectProviderForTofu();
  return buildTofu(root);
}

void runSuite("deploy tests", main);
