/**
 * Markdown → HTML text, with marked. What comes from a model is hostile: raw HTML is shown as text (a few bare
 * tags apart), addresses are checked, pictures of other hosts become links. sanitise.js stands behind all of it.
 */

import { Marked } from "../../vendor/marked.js";
import { besideCjk } from "./emphasis.js";
import { escaped, linkHtml } from "./markdown-links.js";
import { pictureHtml } from "./markdown-pictures.js";
import { maths } from "./maths-markdown.js";

/** Raw tags without attributes that people write into Markdown on purpose. */
const BARE_TAG = /^<\/?(?:br|sub|sup|kbd|mark|u|ins)\s*\/?>$/i;
const LANGUAGE = /^[\w+#.-]{1,30}/;
const marked = new Marked({ gfm: true, breaks: true });
marked.use(besideCjk, maths, {
  renderer: {
    html: ({ raw, block }) => {
      const text = raw.trim();
      if (BARE_TAG.test(text)) return block ? `<p>${text}</p>` : text;
      return block ? `<p>${escaped(text).replaceAll("\n", "<br>")}</p>\n` : escaped(raw);
    },
    link({ href, title, text, tokens }) {
      return linkHtml(href, title, this.parser.parseInline(tokens), text);
    },
    image: ({ href, title, text }) => pictureHtml(href, title, text),
    code({ text, lang }) {
      const language = LANGUAGE.exec(lang ?? "")?.[0];
      return `<pre><code${language ? ` class="language-${escaped(language)}"` : ""}>${escaped(text)}\n</code></pre>\n`;
    },
  },
});

/** Shared by splitting and drawing, so that both read the same Markdown. */
export const markdownOptions = marked.defaults;

/** @param {import("../../vendor/marked.js").Token[]} tokens @returns {string} HTML that must be sanitised */
export function htmlOf(tokens) {
  return marked.parser(tokens);
}
