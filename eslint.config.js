import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/", ".data/", "**/.cache/", "coverage/", "**/generated/"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  prettier,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Never ends on zod's recursive types: typescript-eslint 8.73 overflows the stack.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-console": "error",
      eqeqeq: "error",
      // TypeScript knows them, Node 20 does not.
      "no-restricted-globals": ["error", "AsyncDisposableStack", "DisposableStack"],
    },
  },
  { files: ["cli/**", "bench/**", "docs/examples/**"], rules: { "no-console": "off" } },
  // expect.any(), expect.objectContaining() and their like are typed as any by vitest.
  { files: ["tests/**"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
