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

/** docs/decisions/0014-null-is-nothing-undefined-is-not-known.md */
const oneAbsence = {
  selector: "TSPropertySignature[optional=true] > TSTypeAnnotation > TSUnionType > TSNullKeyword",
  message:
    "A property is left out (`?`) where nothing is known, or null where it is known that there is nothing: not both.",
};

/** Both absences in one property, of before that rule. The list only shrinks. */
const withBothAbsences = [
  "src/core/commands/command.ts",
  "src/core/deployments/by-actions.ts",
  "src/core/model/act.ts",
  "src/core/model/event.ts",
  "src/core/overrides/grant.ts",
  "src/core/overrides/request.ts",
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
      // Constants too; StrictPascalCase is for components. Destructured names are those of the other side.
      "@typescript-eslint/naming-convention": [
        "error",
        {
          selector: "variable",
          format: ["camelCase", "StrictPascalCase"],
          leadingUnderscore: "allow",
        },
        { selector: "variable", modifiers: ["destructured"], format: null },
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
  {
    files: ["src/core/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...pureCore, oneAbsence] },
  },
  { files: ["src/flow/**/*.ts"], rules: { "no-restricted-syntax": ["error", oneAbsence] } },
  {
    files: ["src/core/calendar/**/*.ts"],
    // It is printed as JSON.
    ignores: ["src/core/calendar/answer-when.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...pureCore,
        {
          selector: "TSNullKeyword",
          message: "This folder holds no facts: what is not there is undefined.",
        },
      ],
    },
  },
  { files: withBothAbsences, rules: { "no-restricted-syntax": ["error", ...pureCore] } },
  {
    files: ["src/env.ts", "test/**", "bench/**", "scripts/**"],
    rules: { "no-restricted-properties": "off" },
  },
  { files: ["vitest*.config.ts"], rules: { "no-restricted-exports": "off" } },
  { files: ["**/*.mjs"], rules: { "no-restricted-exports": "off" } },
);
