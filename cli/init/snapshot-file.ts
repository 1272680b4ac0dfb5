import { FIRST_PLAN } from "./first-plan";

/** The APPID that {@link FIRST_PLAN} was made with. */
const APP_ID = "1250000000";

/**
 * The file that Jest would write for the first snapshot of the project's plan. It comes with the project, for in CI, with
 * `--ci`, Jest writes none and the test would compare nothing. A test of ours runs the project's tests over it.
 */
export function snapshotFile(test: string, appId: string): string {
  const plan = JSON.stringify(FIRST_PLAN, null, 2).replaceAll(APP_ID, appId);
  const escaped = plan.replace(/[`\\]|\$\{/g, "\\$&");
  return `// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[\`${test} 1\`] = \`\n${escaped}\n\`;\n`;
}
