/** <context-divider>: the line between what the bot remembers and what it does not (M-012). */

export class ContextDivider extends HTMLElement {
  connectedCallback() {
    this.classList.add("divider");
    this.setAttribute("role", "separator");
    const words = gettext("Context cleared — the bot does not remember what is above");
    this.setAttribute("aria-label", words);
    this.textContent = words;
  }
}

customElements.define("context-divider", ContextDivider);
