import { importX, createNodeResolver } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** What each room may not import: the laws of the house. Paths that are not listed are free. */
const laws = [
  { target: "./functions", from: ["./lib", "./deploy", "./local", "./cli", "./examples", "./provider", "./test"] },
  {
    target: "./lib",
    from: ["./functions"],
    except: ["./settings.ts", "./summary.ts", "./rules"],
    message: "lib/ takes only settings and the rule checker from functions/; the rest is deployed as prebuilt files.",
  },
  { target: "./lib", from: ["./deploy", "./cli", "./examples", "./test"] },
  { target: ["./lib/*.ts", "./lib/!(testing)/**/*"], from: ["./local"] },
  { target: "./deploy", from: ["./lib", "./local", "./cli", "./examples", "./provider", "./test"] },
  { target: "./deploy", from: ["./functions"], except: ["./tencent"] },
  { target: "./local", from: ["./lib", "./functions", "./deploy", "./cli", "./examples", "./provider", "./test"] },
  { target: "./cli", from: ["./test"] },
  {
    target: "./examples",
    from: ["./lib", "./functions", "./deploy", "./local", "./cli", "./provider", "./test"],
    message: "Examples import by package name, so that they can be copied out.",
  },
].flatMap(({ from, except = [], ...rest }) => from.map((folder) => ({ ...rest, from: folder, except })));

const frameworkOnly = {
  group: ["cdktf", "cdktf/*"],
  message: "lib/framework.ts is the one place that imports cdktf; import from there.",
};

export default tseslint.config(
  { ignores: ["dist/", "provider/src/", "provider/lib/", "cdktf.out/", "coverage/"] },
  tseslint.configs.recommended,
  {
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".mjs"] })] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: laws }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["lib/**/*.ts"],
    ignores: ["lib/framework.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [frameworkOnly] }] },
  },
  {
    files: ["functions/**/*.ts", "local/**/*.ts", "deploy/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: ["constructs"], patterns: ["cdktf", "cdktf/*", "@cdktf/*", "cdktf-tencent-logs*"] },
      ],
    },
  },
  { files: ["**/*.js", "**/*.mjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
