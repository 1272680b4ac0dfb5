import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Edit } from "./release";

/** What the test changes in an example, and what Terraform must then plan. */
export interface ExampleTest {
  /** Another shipping interval: in place. */
  readonly interval: { readonly edits: readonly Edit[]; readonly seconds: number };
  /** Another prefix for shipper and trigger. */
  readonly prefix: { readonly edits: readonly Edit[]; readonly prefix: string; readonly changes: readonly string[] };
  /** Lets `destroy` delete what lies in the buckets. */
  readonly forceClean: { readonly edits: readonly Edit[] };
}

const EXAMPLE_TESTS: Readonly<Record<string, ExampleTest>> = {
  "access-log-batch": {
    interval: { edits: [["intervalSeconds: 300", "intervalSeconds: 600"]], seconds: 600 },
    prefix: {
      edits: [["shipping: {", 'shipping: { prefix: "cls/moved/",']],
      prefix: "cls/moved/",
      changes: [
        // May read below the new prefix.
        "update tencentcloud_cam_policy(document)",
        "update tencentcloud_cls_cos_shipper(prefix)",
        "replace tencentcloud_scf_trigger",
        // What has the trigger replaced.
        "update terraform_data(input)",
      ],
    },
    forceClean: { edits: [['appId: "1250000000"', 'appId: "1250000000", forceClean: true']] },
  },
};

/** Examples that the real Terraform has not run yet, and why; each run says so. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "cls-stream-to-cos": "what is changed in a delivery from CLS, disabled and removed is not written down yet",
  "own-processor": "what is changed in the user's own code is not written down yet",
};

/** All examples, with what is tested of each. Throws for an example that nobody has written that down for. */
export function findExamples(root: string): [name: string, test: ExampleTest][] {
  const entries = readdirSync(join(root, "examples"), { withFileTypes: true });
  const apps = entries.filter((entry) => entry.isDirectory() && hasApp(join(root, "examples", entry.name)));
  return apps.flatMap(({ name }): [string, ExampleTest][] => {
    const test = EXAMPLE_TESTS[name];
    if (test) return [[name, test]];
    if (NOT_RUN[name] !== undefined) {
      console.error(`deploy test of examples/${name} NOT RUN: ${NOT_RUN[name]}`);
      return [];
    }
    throw new Error(`test/deploy/examples.ts must say what to change in examples/${name}, got nothing`);
  });
}

function hasApp(folder: string): boolean {
  return readdirSync(folder).includes("cdktf.json");
}
