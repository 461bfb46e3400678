/**
 * Bundles each third-party browser package into one ES module of static/vendor/ (git-ignored).
 * Our own code is never bundled. Beside each module lies its type description, for `npm run check` alone.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("./static/vendor/", import.meta.url);

/** Module name in static/vendor/ → what it hands on. */
const modules = {
  "json-schema": 'export { Validator } from "@cfworker/json-schema";',
  marked: 'export { Lexer, Marked, Tokenizer } from "marked";',
  dompurify: 'export { default } from "dompurify";',
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, source] of Object.entries(modules)) {
  await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)), sourcefile: `${name}.js` },
    outfile: fileURLToPath(new URL(`${name}.js`, folder)),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "eof",
    logLevel: "warning",
  });
  const [, from] = /from (".+")/.exec(source) ?? [];
  await writeFile(new URL(`${name}.d.ts`, folder), `${source}\nexport * from ${from};\n`);
}
