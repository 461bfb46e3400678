/**
 * Links of Markdown: only addresses of the web and of mail, and each names where it leads: in its title, and behind
 * it where its own words name another place. Pure.
 */

const OUTSIDE_ADDRESS = /^(?:https?:\/\/|mailto:)/i;
/** Words that are an address themselves: "https://a.example/b", "a.example". */
const LOOKS_LIKE_ADDRESS = /^(?:https?:\/\/)?([^\s/?#:@]+\.[^\s/?#:@]{2,})(?:[/?#:@]\S*)?$/iu;

/**
 * @param {string} href
 * @param {string | null | undefined} title
 * @param {string} html of its words
 * @param {string} text its words as they were written
 * @returns {string} HTML that must be sanitised
 */
export function linkHtml(href, title, html, text) {
  if (!OUTSIDE_ADDRESS.test(href) || !URL.canParse(href)) return html;
  const place = placeOf(new URL(href));
  const named = title ? `${title} (${place})` : place;
  const open = `<a href="${escaped(href)}" title="${escaped(named)}" target="_blank" rel="noopener noreferrer nofollow ugc">`;
  return `${open}${html}</a>${isMisleading(text, place) ? ` (${escaped(place)})` : ""}`;
}

/** @param {URL} url */
function placeOf(url) {
  return url.protocol === "mailto:" ? url.pathname : url.host;
}

/** @param {string} text @param {string} place */
function isMisleading(text, place) {
  const said = LOOKS_LIKE_ADDRESS.exec(text.trim())?.[1]?.toLowerCase();
  if (!said) return false;
  const host = place.toLowerCase().replace(/:\d+$/, "");
  return !text.includes("@") || text.includes("://") ? !isSameSite(asciiHost(said), host) : text.trim() !== place;
}

/** @param {string} said @param {string} host */
function isSameSite(said, host) {
  const [a, b] = [said, host].map((one) => one.replace(/^www\./, ""));
  return a === b;
}

/** @param {string} host @returns {string} as addresses have it */
function asciiHost(host) {
  return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : host;
}

/** @param {string} text */
export function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
