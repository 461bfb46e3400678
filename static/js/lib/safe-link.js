/** What a link that a bot sent really leads to (M-072). Pure. */

/**
 * @typedef {"http" | "punycode" | "private" | "credentials"} Doubt
 * @typedef {{href: string, host: string, doubts: Doubt[]}} Examined
 */

const PRIVATE = /^(?:localhost|.*\.(?:localhost|local|internal|lan|home|intranet)|[^.]+|(?:10|127|0)\..*|192\.168\..*|169\.254\..*|172\.(?:1[6-9]|2\d|3[01])\..*|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\..*)$/i;
const PRIVATE_6 = /^\[(?:::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*|::ffff:.*)\]$/i;

/** @param {string} link @returns {Examined | null} null for what no browser should open */
export function examine(link) {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  /** @type {Doubt[]} */
  const doubts = [];
  const { hostname } = url;
  if (url.protocol === "http:") doubts.push("http");
  if (hostname.split(".").some((label) => label.startsWith("xn--"))) doubts.push("punycode");
  if (hostname.startsWith("[") ? PRIVATE_6.test(hostname) : PRIVATE.test(hostname)) doubts.push("private");
  if (url.username || url.password) doubts.push("credentials");
  return { href: url.href, host: url.host, doubts };
}

/** @param {Doubt} doubt */
export function doubtWords(doubt) {
  switch (doubt) {
    case "http": return gettext("This page is not encrypted: others can read what you type there.");
    case "punycode": return gettext("This name uses letters that can look like others. Check it closely.");
    case "private": return gettext("This address is inside a private network.");
    case "credentials": return gettext("The link hides a name before the real address.");
  }
}
