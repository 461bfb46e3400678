/** Pictures of Markdown. The page talks to no other host: a picture of one is a link that names it. Pure. */

import { escaped, linkHtml } from "./markdown-links.js";

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i;

/**
 * @param {string} href
 * @param {string | null | undefined} title
 * @param {string} text
 * @returns {string} HTML that must be sanitised
 */
export function pictureHtml(href, title, text) {
  if (DATA_IMAGE.test(href)) return `<img src="${href}" alt="${escaped(text)}"${title ? ` title="${escaped(title)}"` : ""}>`;
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return escaped(text);
  const words = interpolate(gettext("Picture: %(text)s (%(host)s)"), { text: text || gettext("untitled"), host: new URL(href).host }, true);
  return linkHtml(href, title, escaped(words), "");
}
