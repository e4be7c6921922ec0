import tseslint from "typescript-eslint";

const pureCore = [
  {
    selector:
      "FunctionDeclaration[async=true], ArrowFunctionExpression[async=true], FunctionExpression[async=true]",
    message: "core is synchronous: facts are handed in, effects are handed out as data.",
  },
  {
    selector: "AwaitExpression",
    message: "core is synchronous: facts are handed in, effects are handed out as data.",
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "core has no clock: `now` is an argument (epoch milliseconds).",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "core has no clock: `now` is an argument (epoch milliseconds).",
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "core is deterministic: the same inputs give the same decision.",
  },
  {
    selector: "ImportDeclaration[source.value=/^node:/]",
    message: "core does no I/O: nothing of Node's own modules.",
  },
  {
    selector: "MemberExpression[object.object.name='Temporal'][object.property.name='Now']",
    message: "core has no clock: `now` is an argument (epoch milliseconds).",
  },
];

export default tseslint.config(
  { ignores: ["**/dist/**", "node_modules/**", "coverage/**", "data/**"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "no-duplicate-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "src/env.ts is the only reader of the environment.",
        },
      ],
      eqeqeq: "error",
    },
  },
  { files: ["src/core/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...pureCore] } },
  {
    files: ["src/env.ts", "test/**", "bench/**", "scripts/**"],
    rules: { "no-restricted-properties": "off" },
  },
  { files: ["vitest*.config.ts"], rules: { "no-restricted-exports": "off" } },
  { files: ["**/*.mjs"], rules: { "no-restricted-exports": "off" } },
);
