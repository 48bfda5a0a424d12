// Runs a program of this folder with the sources of a release: node test/vectors/with-release.ts TREE PROGRAM ARGUMENT
// TREE is a checkout of the release with its node_modules.
import path from "node:path";
import { runnerImport } from "vite";

const root = path.resolve(import.meta.dirname, "../..");
const [tree = root, program = "", argument = ""] = process.argv.slice(2);

const { module } = await runnerImport<{ main: (argument: string) => Promise<void> }>(
  path.join(import.meta.dirname, `${program}.ts`),
  {
    plugins: [
      {
        name: "sources-of-the-release",
        enforce: "pre",
        resolveId(source, importer, options) {
          if (!source.startsWith(".") || importer === undefined) return null;
          const wanted = path.relative(root, path.resolve(path.dirname(importer), source));
          if (!/^(?:src|gen)[\\/]/.test(wanted)) return null;
          return this.resolve(path.join(tree, wanted), importer, { ...options, skipSelf: true });
        },
      },
    ],
  },
);
await module.main(argument);
if (program === "session") process.exit();
