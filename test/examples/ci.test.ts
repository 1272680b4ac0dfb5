import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FILE = join(__dirname, "../../examples/ci/github-actions.yml");

interface Workflow {
  readonly permissions: object;
  readonly jobs: Record<string, { readonly steps: { readonly uses?: string }[] }>;
}

describe("the workflow of examples/ci", () => {
  const text = readFileSync(FILE, "utf8");
  const workflow = parse(text) as Workflow;

  it("takes every action by the commit of a release, which a comment names", () => {
    const actions = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(actions.length).toBeGreaterThan(2);
    for (const action of actions) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`uses: ${action} # v\\d+\\.\\d+\\.\\d+\n`));
    }
  });

  it("may read the repository and no more", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
  });
});
