/**
 * Bundles each third-party browser package into one ES module of static/vendor/ (git-ignored).
 * Our own code is never bundled. Beside each module lies its type description, for `npm run check` alone.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import hljs from "highlight.js";

const folder = new URL("./static/vendor/", import.meta.url);

/** What people ask bots to write. */
const languages = (
  "bash c cpp csharp css dart diff dockerfile elixir go graphql groovy haskell ini java javascript json julia kotlin latex less lua makefile " +
  "markdown matlab nginx objectivec perl php powershell properties protobuf python r ruby rust scala scss shell sql swift typescript " +
  "vbnet vim xml yaml"
).split(" ");
const languageNames = languages.flatMap((language) => [language, ...(hljs.getLanguage(language)?.aliases ?? [])]);

/** Module name in static/vendor/ → what it hands on. */
const modules = {
  highlight: [
    'export { default } from "highlight.js/lib/core";',
    'import hljs from "highlight.js/lib/core";',
    ...languages.map((language, index) => `import l${index} from "highlight.js/lib/languages/${language}";`),
    ...languages.map((language, index) => `hljs.registerLanguage("${language}", l${index});`),
  ].join("\n"),
  "highlight-names": `/** @type {string[]} */\nexport default ${JSON.stringify(languageNames)};`,
  "json-schema": 'export { Validator } from "@cfworker/json-schema";',
  // copy-tex: what is selected is copied as it was written.
  katex: 'export { default } from "katex";\nimport "katex/contrib/mhchem";\nimport "katex/contrib/copy-tex";',
  marked: 'export { Lexer, Marked, Tokenizer } from "marked";',
  dompurify: 'export { default } from "dompurify";',
  uplot: 'export { default } from "uplot";',
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
  await writeFile(new URL(`${name}.d.ts`, folder), typesOf(source));
}

await copyKatexStyles();
await cp(new URL("./node_modules/uplot/dist/uPlot.min.css", import.meta.url), new URL("uplot.css", folder));
// A classic script, for the sandboxed frame alone.
await cp(new URL("./node_modules/mermaid/dist/mermaid.min.js", import.meta.url), new URL("mermaid.js", folder));

/** Every browser we serve reads woff2. */
async function copyKatexStyles() {
  const from = new URL("./node_modules/katex/dist/", import.meta.url);
  const css = await readFile(new URL("katex.min.css", from), "utf8");
  await mkdir(new URL("katex/", folder));
  await writeFile(new URL("katex/katex.css", folder), css.replace(/,url\([^)]+\) format\("(?:woff|truetype)"\)/g, ""));
  await cp(new URL("fonts/", from), new URL("katex/fonts/", folder), {
    recursive: true,
    filter: (path) => !/\.(?:woff|ttf)$/.test(path),
  });
}

/** @param {string} source @returns {string} what it hands on, typed as its package says */
function typesOf(source) {
  const [exported, from] = /^export .* from (".+");$/m.exec(source) ?? [];
  return from ? `${exported}\nexport * from ${from};\n` : "declare const names: string[];\nexport default names;\n";
}
