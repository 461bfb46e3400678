/**
 * Commands and fetches of a tab, by HTTP (docs/protocol.md, "HTTP"). JSON in and out; every way to fail becomes
 * one CommandFailed, so that a caller needs one `catch`.
 */

const TIMEOUT_MS = 20_000;

/** `failure.reason` is a key of the page's sentences; "network" when no answer came at all. */
/** No answer came at all. @type {Chat.Failure} */
export const NETWORK = { reason: "network", sentence: "", advice: "", fields: {}, status: 0 };

export class CommandFailed extends Error {
  /** @param {Chat.Failure} failure */
  constructor(failure) {
    super(failure.reason);
    this.name = "CommandFailed";
    this.failure = failure;
  }
}

/**
 * @param {object} outside
 * @param {typeof fetch} outside.fetch
 * @param {() => string} outside.csrfToken
 * @returns {Chat.Commands}
 */
export function createCommands({ fetch, csrfToken }) {
  /** @param {string} path @param {RequestInit} init */
  async function call(path, init) {
    let response;
    try {
      response = await fetch(path, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
      return await answerOf(response);
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
      throw new CommandFailed(failureOf("network", response?.status ?? 0));
    }
  }
  return {
    get: (path) => call(path, { headers: { Accept: "application/json" } }),
    post: (path, body = {}) =>
      call(path, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(body),
      }),
  };
}

/**
 * @param {unknown} error
 * @returns {Chat.Failure} throws what is no failed command: a fault of the program
 */
export function failureFrom(error) {
  if (error instanceof CommandFailed) return error.failure;
  throw error;
}

/** @param {Response} response */
async function answerOf(response) {
  const isJson = (response.headers.get("Content-Type") ?? "").includes("application/json");
  if (response.ok && isJson) return response.json();
  if (!isJson) throw new CommandFailed(failureOf(reasonWithoutWords(response), response.status));
  const { error } = await response.json();
  const { reason = "internal", sentence = "", advice = "", fields = {} } = error ?? {};
  throw new CommandFailed({ reason, sentence, advice, fields, status: response.status });
}

/** @param {Response} response an answer that is no JSON: a proxy's, Django's own page, or a sign-in page */
function reasonWithoutWords(response) {
  if (response.redirected || response.status === 401) return "signed_out";
  if (response.status === 403) return "malformed"; // a stale CSRF token: reloading the page helps
  if (response.status === 404) return "not_found";
  if (response.status === 413) return "too_large";
  if (response.status === 429) return "rate_limit";
  return response.status >= 502 && response.status <= 504 ? "network" : "internal";
}

/** @param {string} reason @param {number} status @returns {Chat.Failure} the page state has the words */
function failureOf(reason, status) {
  return { reason, sentence: "", advice: "", fields: {}, status };
}
