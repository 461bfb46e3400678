/** Sends one file to the site, with progress (docs/protocol.md, POST …/files/). XMLHttpRequest: fetch tells no progress. */

import { CommandFailed } from "./commands.js";

/**
 * @typedef {(file: File, progress: (part: number) => void, signal: AbortSignal) => Promise<Chat.Attachment>} Upload
 *   `part` is 0 to 1; throws a CommandFailed, with the reason "canceled" when the signal said so
 */

/**
 * @param {object} outside
 * @param {string} outside.path
 * @param {() => string} outside.csrfToken
 * @param {Record<string, string>} [outside.fields] beside the file
 * @param {() => XMLHttpRequest} [outside.open]
 * @returns {Upload}
 */
export function createUpload({ path, csrfToken, fields = {}, open = () => new XMLHttpRequest() }) {
  return (file, progress, signal) =>
    new Promise((done, fail) => {
      const request = open();
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append("file", file, file.name);
      request.open("POST", path);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.upload.onprogress = (event) => progress(event.lengthComputable && event.total ? event.loaded / event.total : 0);
      request.onload = () => {
        const answer = parsed(request.responseText);
        if (request.status === 201 && answer?.attachment) done(answer.attachment);
        else fail(failed(answer?.error?.reason ?? reasonOf(request.status), request.status, answer?.error?.sentence));
      };
      request.onerror = () => fail(failed("network", 0));
      request.onabort = () => fail(failed("canceled", 0));
      signal.addEventListener("abort", () => request.abort());
      request.send(body);
    });
}

/** @param {number} status an answer of a proxy's, without words of ours */
function reasonOf(status) {
  if (status === 413) return "too_large";
  if (status === 401) return "signed_out";
  return status >= 502 && status <= 504 ? "network" : "internal";
}

/** @param {string} reason @param {number} status @param {string} [sentence] */
function failed(reason, status, sentence = "") {
  return new CommandFailed({ reason, sentence, advice: "", fields: {}, status });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {number} bytes @param {string} [language] @returns {string} for example "1.4 MB" */
export function sizeWords(bytes, language) {
  const units = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte"]);
  let index = 0;
  while (bytes >= 1000 && index < units.length - 1) {
    bytes /= 1000;
    index += 1;
  }
  const most = bytes < 10 && index > 0 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: units[index], unitDisplay: index ? "short" : "long", maximumFractionDigits: most }).format(bytes);
}
