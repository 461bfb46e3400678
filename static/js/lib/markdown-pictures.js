/** Pictures of Markdown: inside the text itself, or at an address of the web, which the sanitiser takes aside. Pure. */

import { escaped } from "./markdown-links.js";

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i;

/**
 * @param {string} href
 * @param {string | null | undefined} title
 * @param {string} text
 * @returns {string} HTML that must be sanitised
 */
export function pictureHtml(href, title, text) {
  const isRemote = /^https?:\/\//i.test(href) && URL.canParse(href);
  if (!isRemote && !DATA_IMAGE.test(href)) return escaped(text);
  return `<img src="${escaped(href)}" alt="${escaped(text)}"${title ? ` title="${escaped(title)}"` : ""}>`;
}
