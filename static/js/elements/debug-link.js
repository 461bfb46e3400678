/** <debug-link>: the upstream's own page about a turn. The server tells its address to operators only. */

import { make } from "../lib/make.js";
import { examine } from "../lib/safe-link.js";

export class DebugLink extends HTMLElement {
  #link = make("a", { class: "debug-link", target: "_blank", rel: "noopener noreferrer" });
  #shown = "";

  /** @param {string} url "" for everybody else: then nothing is seen */
  show(url) {
    const found = url ? examine(url) : null;
    this.hidden = found === null;
    if (!found || url === this.#shown) return;
    this.#shown = url;
    this.#link.href = found.href;
    this.#link.textContent = interpolate(gettext("Open at Coze (%(host)s)"), { host: found.host }, true);
    if (!this.#link.isConnected) this.append(this.#link);
  }
}

customElements.define("debug-link", DebugLink);
