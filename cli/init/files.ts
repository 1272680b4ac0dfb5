import { snapshotFile } from "./snapshot-file";

/** Properties of a new project. */
export interface Project {
  /** Name of the project and of its stack. */
  readonly name: string;
  readonly region: string;
  /** APPID of the account, with which names of buckets end. */
  readonly appId: string;
  /** Identifies the project to cdktf. */
  readonly projectId: string;
  /** This package in package.json: a version, or a file. */
  readonly packageSpec: string;
}

/** The files of a new project, by path: a stack with rules, its tests, and a workflow that runs them. */
export function projectFiles(project: Project): Readonly<Record<string, string>> {
  return {
    "package.json": packageJson(project),
    "cdktf.json": cdktfJson(project),
    "tsconfig.json": TSCONFIG,
    "jest.config.js": JEST_CONFIG,
    "main.ts": main(project),
    "log-stack.ts": logStack(project),
    "log-stack.test.ts": STACK_TEST,
    "__snapshots__/log-stack.test.ts.snap": snapshotFile(PLAN_TEST, project.appId),
    "rules/access.sls": RULES,
    "rules/access.test.yaml": RULES_TEST,
    "samples/access.jsonl": SAMPLE,
    ".github/workflows/ci.yml": WORKFLOW,
    ".gitignore": GITIGNORE,
    "README.md": readme(project),
  };
}

function packageJson({ name, packageSpec }: Project): string {
  const manifest = {
    name,
    private: true,
    scripts: {
      dev: "tencent-logs dev --feed access=samples/access.jsonl --again",
      check: "tsc --noEmit && tencent-logs rules check rules/access.sls",
      test: "jest && tencent-logs rules test rules/access.sls",
      synth: "cdktf synth",
      diff: "cdktf diff --skip-provider-lock",
      deploy: "cdktf deploy --skip-provider-lock",
    },
    dependencies: { cdktf: "~0.21.0", "cdktf-tencent-logs": packageSpec, constructs: "^10.4.2" },
    devDependencies: {
      "@types/jest": "^29.5.14",
      "@types/node": "^20.19.0",
      "cdktf-cli": "~0.21.0",
      jest: "^29.7.0",
      "ts-jest": "^29.4.0",
      tsx: "^4.19.0",
      typescript: "~5.9.3",
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function cdktfJson({ projectId }: Project): string {
  const configuration = { language: "typescript", app: "npx tsx main.ts", projectId, sendCrashReports: "false" };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2022"],
    "module": "Node16",
    "moduleResolution": "Node16",
    "strict": true,
    "noEmit": true,
    "isolatedModules": true,
    "esModuleInterop": true,
    "types": ["node", "jest"]
  },
  "exclude": ["node_modules", "cdktf.out"]
}
`;

const JEST_CONFIG = `/** @type {import("jest").Config} */
module.exports = {
  preset: "ts-jest",
  testEnvironment: "node",
  // Running a pipeline takes half a second, but longer on a busy machine.
  testTimeout: 30_000,
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out"],
};
`;

function main({ name, region }: Project): string {
  return `import { App } from "cdktf";
import { LogStack } from "./log-stack";

const app = new App();
new LogStack(app, ${JSON.stringify(name)}, { region: ${JSON.stringify(region)} });
app.synth();
`;
}

function logStack({ appId }: Project): string {
  return `import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { ClsOutput, ClsStreamPipeline, CosOutput, LogBucket, LogRules, LogTopic } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";
import type { Construct } from "constructs";

/** APPID of the account to deploy to: the number at the end of its bucket names. */
const APP_ID = ${JSON.stringify(appId)};

/** Stores access logs in a bucket, and errors also in a separate topic. */
export class LogStack extends TerraformStack {
  readonly pipeline: ClsStreamPipeline;

  constructor(scope: Construct, id: string, props: { region: string }) {
    super(scope, id);
    new TencentcloudProvider(this, "tencentcloud", { region: props.region });

    const access = new LogTopic(this, "Access", { topicName: "access", retentionDays: 7 });
    const errors = new LogTopic(this, "Errors", { topicName: "errors", logset: access.logset, retentionDays: 30 });
    const bucket = new LogBucket(this, "Archive", { appId: APP_ID });
    this.pipeline = new ClsStreamPipeline(this, "AccessPipeline", {
      topic: access,
      bucket,
      rules: LogRules.fromFile(join(__dirname, "rules/access.sls")),
      outputs: {
        errors: new ClsOutput(errors),
        archive: new CosOutput(bucket, { prefix: "access/" }),
      },
      defaultOutput: "archive",
    });
  }
}
`;
}

/** The name of the test that compares the plan. */
const PLAN_TEST = "matches the plan that was reviewed last";

const STACK_TEST = `import { Testing } from "cdktf";
import { LogTopic } from "cdktf-tencent-logs";
import { expectStack, planSerializer, runPipeline } from "cdktf-tencent-logs/testing";
import { LogStack } from "./log-stack";

expect.addSnapshotSerializer(planSerializer);

function makeStack(): LogStack {
  return new LogStack(Testing.app(), "logs", { region: "ap-guangzhou" });
}

it("keeps errors for a month", () => {
  expectStack(makeStack()).toHave(LogTopic, { topic_name: "errors" });
});

it("sends errors to their topic, and everything to the archive", async () => {
  const { outputs, notes } = await runPipeline(makeStack(), {
    input: [
      { status: 200, path: "/", seconds: 0.012 },
      { status: 503, path: "/pay", seconds: 2.5 },
    ],
  });
  expect(outputs.errors).toMatchObject([{ status: "503", path: "/pay", level: "error" }]);
  expect(outputs.archive).toHaveLength(2);
  expect(notes).toEqual({});
});

// After an intended change, run npx jest -u and review the diff of __snapshots__.
it("${PLAN_TEST}", () => {
  expect(Testing.synth(makeStack())).toMatchSnapshot();
});
`;

const RULES = `# Processes each record. Try it: npx tencent-logs rules explain rules/access.sls --event '{"status": "503"}'
e_if(e_search("status >= 500"), e_set("level", "error"))
e_if(e_search("status < 500"), e_set("level", "info"))
e_if(e_search("level == error"), e_coutput("errors"))
`;

const RULES_TEST = `cases:
  - name: errors go to both outputs
    event: { status: "503", path: /pay }
    expect: [{ status: "503", path: /pay, level: error }]
    outputs:
      errors: [{ status: "503", path: /pay, level: error }]
  - name: everything else goes to the archive
    event: { status: "200", path: / }
    expect: [{ status: "200", path: /, level: info }]
    outputs: {}
`;

const SAMPLE = [
  { status: 200, method: "GET", path: "/", seconds: 0.012, ip: "203.0.113.7" },
  { status: 200, method: "GET", path: "/orders", seconds: 0.041, ip: "203.0.113.8" },
  { status: 503, method: "POST", path: "/pay", seconds: 2.5, ip: "203.0.113.7" },
  { status: 404, method: "GET", path: "/favicon.ico", seconds: 0.003, ip: "203.0.113.9" },
  { status: 500, method: "GET", path: "/orders/17", seconds: 0.9, ip: "203.0.113.8" },
]
  .map((record) => `${JSON.stringify(record)}\n`)
  .join("");

const WORKFLOW = `# Checks types, rules, tests and the plan on every push. To deploy, see docs/deploying.md of cdktf-tencent-logs.
name: ci

on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  test:
    runs-on: ubuntu-latest
    env:
      CHECKPOINT_DISABLE: "1"
    steps:
      # Pinned to the commits of v4.2.2 and v4.4.0, because a tag can be moved.
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020
        with:
          node-version: 20
          cache: npm
      - run: npm ci
      - run: npm run check
      - run: npm test -- --ci
      - run: npm run synth
`;

const GITIGNORE = `node_modules/
cdktf.out/
.terraform/
terraform.*.tfstate*
`;

function readme({ name }: Project): string {
  return `# ${name}

Access logs on Tencent Cloud, built with [cdktf-tencent-logs](https://www.npmjs.com/package/cdktf-tencent-logs).

| file               | content                                                |
| ------------------ | ------------------------------------------------------ |
| \`log-stack.ts\`     | the stack: a topic, a function with rules, two outputs |
| \`rules/access.sls\` | the rules for each record, with test cases next to it  |
| \`main.ts\`          | the app that \`cdktf.json\` runs                        |

\`\`\`sh
npm install
npm run dev      # runs the stack on a local cloud with samples/access.jsonl, and again after each change
npm test         # tests the stack, its plan and its rules, without an account
npx jest -u      # accepts the current plan as the one that the tests expect
npm run check    # checks types and rules
npm run synth    # writes the plan to cdktf.out
npm run deploy   # deploys; needs Terraform, and keys in TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY
\`\`\`
`;
}
