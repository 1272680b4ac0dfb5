import { filesBelow } from "../markdown";

/**
 * Pages whose blocks of code are checked. Of the reference, which is generated, the compiler has seen every word; translated
 * pages have the code of those that they follow.
 */
export const CODE_PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...filesBelow("docs", [".md"]),
  ...filesBelow("examples", [".md"]),
].filter((page) => !page.startsWith("docs/api/") && !page.startsWith("docs/zh/"));
