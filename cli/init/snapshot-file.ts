import { FIRST_PLAN } from "./first-plan";

/** The APPID in {@link FIRST_PLAN}. */
const APP_ID = "1250000000";

/**
 * The file that Jest would write for the first snapshot of the project's plan. It is part of the project, because with
 * `--ci` Jest writes none and the test would compare nothing. One of our tests runs the project's tests with it.
 */
export function snapshotFile(test: string, appId: string): string {
  const plan = JSON.stringify(FIRST_PLAN, null, 2).replaceAll(APP_ID, appId);
  const escaped = plan.replace(/[`\\]|\$\{/g, "\\$&");
  return `// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[\`${test} 1\`] = \`\n${escaped}\n\`;\n`;
}
