import { filesBelow } from "../markdown";

/**
 * Pages whose code blocks are checked. The compiler has already checked the generated reference; translated pages have
 * the code of their originals.
 */
export const CODE_PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...filesBelow("docs", [".md"]),
  ...filesBelow("examples", [".md"]),
].filter((page) => !page.startsWith("docs/api/") && !page.startsWith("docs/zh/"));
