/** The token that every command carries. The cookie is newer than the page when somebody signed in again elsewhere. */

/** @returns {string} */
export function csrfToken() {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  const meta = document.querySelector("meta[name='csrf-token']");
  return cookie ?? meta?.getAttribute("content") ?? "";
}
