import { once } from "node:events";
import { LocalCloud, SimulatedClock, terraformEnvironment } from "../../local";
import type { Console } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { UserError } from "../../terminal/user-error";
import { withTemporaryFolder } from "../temporary-folder";
import type { LocalArguments } from "./arguments";
import { variablesOf } from "./run-log";
import { stackFolderOf } from "./stack-choice";

type ServeArguments = Extract<LocalArguments, { mode: "serve" }>;

/** Runs the local cloud until the user interrupts it, which is the normal end: exit status 0. */
export async function serve({ stacks, region, json }: ServeArguments, console: Console): Promise<number> {
  const run = (signal: AbortSignal): Promise<void> =>
    withTemporaryFolder(async (folder) => {
      const clock = new SimulatedClock(Date.now());
      const cloud = await LocalCloud.start({ clock });
      const unfollow = clock.follow();
      try {
        for (const choice of stacks) {
          const stackFolder = await stackFolderOf(choice, { folder, signal, tell: (text) => tell(console, text) });
          await cloud.deployBeside({ stackFolder, region, variables: variablesOf(process.env) });
        }
        console.stdout.write(json ? `${JSON.stringify(machineText(cloud, region))}\n` : peopleText(cloud, region));
        if (!signal.aborted) await once(signal, "abort");
      } finally {
        unfollow();
        await cloud.close();
      }
    });
  try {
    await interruptible(run);
  } catch (error) {
    if (!(error instanceof UserError) || error.message !== "interrupted") throw error;
  }
  return 0;
}

function tell(console: Console, text: string): void {
  console.stderr.write(`${text}\n`);
}

/** Environment variables for processes that use these services, and for no others. */
function environmentFor(cloud: LocalCloud, region: string): Record<string, string> {
  const { endpoint } = cloud;
  // Those of CLS and SCF are included in Terraform's.
  const own = { COS_ENDPOINT: endpoint, CAM_ENDPOINT: endpoint, STS_ENDPOINT: endpoint };
  return { ...terraformEnvironment(cloud, region), ...own };
}

function machineText(cloud: LocalCloud, region: string): object {
  const { appId, uin } = cloud.account;
  return {
    endpoint: cloud.endpoint,
    appId,
    uin,
    region,
    environment: environmentFor(cloud, region),
    urls: cloud.functionUrls,
  };
}

/** Output for a shell: everything except the variables is a comment. */
function peopleText(cloud: LocalCloud, region: string): string {
  const { secretId, secretKey } = cloud.cam.ownerKey;
  const variables = Object.entries(environmentFor(cloud, region));
  const urls = Object.entries(cloud.functionUrls).map(([name, url]) => `#   ${name}  ${url}`);
  return `# CLS, COS, SCF, CAM and STS listen at ${cloud.endpoint} until Ctrl-C; account ${cloud.account.appId}, all regions.
# Terraform and OpenTofu with the provider tencentcloudstack/tencentcloud, Tencent Cloud's SDKs and tencent-logs itself find
# them through these variables, as a proxy; the key is the account owner's. Set them in one shell only:

${variables.map(([name, value]) => `export ${name}=${quoted(value)}`).join("\n")}

# Configure Tencent Cloud's SDKs for HTTP: HttpProfile(protocol="http") in Python, httpProfile: { protocol: "http://" } in
# Node, HttpProfile.Scheme = "HTTP" in Go; those of COS by Scheme="http" in Python, Protocol: "http:" in Node.
# coscli: coscli ls -e cos.${region}.myqcloud.com -i ${secretId} -k ${secretKey} -p http --init-skip
# coscli's cp and sync ignore proxies unless you pass --disable-long-links.
${urls.length > 0 ? `# URLs of functions:\n${urls.join("\n")}\n` : ""}`;
}

function quoted(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `'${value}'`;
}
