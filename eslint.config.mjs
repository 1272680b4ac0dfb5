import tseslint from "typescript-eslint";

/** Packages that belong to the user's stack; only our seam to it may load them. */
const FRAMEWORK = /^(cdktf|constructs|cdktf-tencent-logs|@cdktf)(\/|$)/;
const CDKTF = /^cdktf(\/|$)/;

/**
 * The laws of the house: what each room may not import, by the folder that a relative path leads to, and by package.
 * A room in two entries keeps the last one that matches.
 */
const laws = [
  { files: "functions", rooms: "lib|parts|deploy|local|cli|examples|provider|test|rules/native", packages: FRAMEWORK },
  {
    files: "rules",
    rooms: "lib|parts|deploy|local|cli|examples|provider|test",
    packages: FRAMEWORK,
  },
  { files: "parts", rooms: "lib|deploy|local|cli|examples|provider|test|rules/native", packages: FRAMEWORK },
  {
    files: "lib",
    rooms: "functions(?!/(settings|invocation/summary$|runtime/loader$))|parts|local|deploy|cli|examples|test",
    packages: CDKTF,
    message:
      "lib/ takes only settings, the summary and the loader of parts from functions/, and the framework from lib/framework.ts.",
  },
  {
    files: "lib/testing",
    rooms: "functions(?!/(settings|invocation/summary$))|parts|deploy|cli|examples|test",
    packages: CDKTF,
  },
  {
    files: "deploy",
    rooms: "functions(?!/tencent(/|$))|rules|parts|lib|local|cli|examples|provider|test",
    packages: FRAMEWORK,
  },
  { files: "local", rooms: "lib|functions|rules|parts|deploy|cli|examples|provider|test", packages: FRAMEWORK },
  { files: "cli", rooms: "test|examples", packages: CDKTF },
  {
    files: "examples",
    rooms: "lib|functions|rules|parts|deploy|local|cli|provider|test",
    message: "Examples import by package name, so that they can be copied out.",
  },
];

function lintLaw({ files, rooms, packages, message = `The laws of the house keep this out of ${files}/.` }) {
  const patterns = [{ regex: `^(\\.\\./)+(${rooms})(/|$)`, message }];
  if (packages !== undefined) patterns.push({ regex: packages.source, message });
  return { files: [`${files}/**/*.ts`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["dist/", "provider/src/", "provider/lib/", "cdktf.out/", "coverage/"] },
  tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  laws.map(lintLaw),
  // The seam itself.
  { files: ["lib/framework.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["**/*.js", "**/*.mjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
