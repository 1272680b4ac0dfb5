import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "provider/src/", "provider/lib/", "cdktf.out/", "coverage/", "test/package/vitest/"] },
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
  {
    // Code is made of texts in one place, which says why that is safe.
    ignores: ["functions/parser/scan/build-fields.ts", "test/**"],
    rules: { "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error" },
  },
  { files: ["**/*.js", "**/*.mjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
