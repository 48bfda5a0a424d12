import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tsdoc from "eslint-plugin-tsdoc";
import tseslint from "typescript-eslint";

const defaultExport = {
  selector: "ExportDefaultDeclaration",
  message: "Name what is exported: a default export is called differently in every file that imports it.",
};

export default defineConfig(
  globalIgnores(["gen/", "node_modules/", ".venv/", ".cache/", ".vite/", "out/", "scripts/electron-dist/default-app/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        // Each room's own tsconfig.json, as in `tsc --build`.
        project: ["tsconfig.gen.json", "tsconfig.scripts.json", "src/*/tsconfig.json", "test/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-restricted-syntax": ["error", defaultExport],
      "max-lines": ["error", { max: 400 }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Numbers and the like in sentences are what the sentences are for.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNever: true },
      ],
      // `() => emit(event)` and `return reject(error)` read well where nothing is returned.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // A `!` hides that something may be missing as well as `as` does; neither is the better style.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // Enums of the contract are open: a peer may be newer and send numbers that have no name here.
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      // The void of a listener that may give back a promise.
      "@typescript-eslint/no-invalid-void-type": [
        "error",
        { allowAsThisParameter: true, allowInGenericTypeArguments: true },
      ],
      // An async method may have nothing to wait for: its interface asks for a promise.
      "@typescript-eslint/require-await": "off",
      // The wire's types differ from ours in names only at times; both styles say the same.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-empty-function": ["error", { allow: ["arrowFunctions"] }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { tsdoc },
    rules: {
      "tsdoc/syntax": "error",
      "no-console": ["error", { allow: ["info", "warn", "error"] }],
    },
  },
  {
    files: ["src/renderer/**/*.{ts,tsx}"],
    ...reactHooks.configs.flat["recommended-latest"],
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/main/vetted-ipc.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "electron",
              importNames: ["ipcMain"],
              message: "Every sender is vetted in src/main/vetted-ipc.ts; register handlers there.",
            },
          ],
        },
      ],
      "no-restricted-syntax": [
        "error",
        defaultExport,
        {
          selector: "MemberExpression[property.name='ipcMain']",
          message: "Register handlers through src/main/vetted-ipc.ts.",
        },
        {
          selector: "MemberExpression[property.name='ipc']",
          message: "Register handlers through src/main/vetted-ipc.ts.",
        },
      ],
    },
  },
  {
    // The DOM's declarations in small; they follow the DOM's habits.
    files: ["src/neutral-globals.d.ts"],
    rules: {
      "no-var": "off",
      "@typescript-eslint/prefer-function-type": "off",
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    files: ["test/**/*.{ts,tsx}"],
    rules: {
      // Tests reach into answers that they have just checked.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // Configuration files are read by tools that want a default export.
    files: ["**/*.config.{ts,mjs}", "*.cjs"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        performance: "readonly",
        URL: "readonly",
        module: "writable",
      },
    },
    rules: {
      // What JSON.parse gives is described in JSDoc.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/dot-notation": "off",
    },
  },
);
