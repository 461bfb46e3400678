/** A bot's own picture behind the start screen. Drawn once it is there; without it the page stays as it is. */

export class StartBackdrop {
  #element;
  #isNarrow = matchMedia("(max-width: 52rem)");
  #isFrugal = matchMedia("(prefers-reduced-data: reduce)");
  /** @type {Chat.Bot | undefined} */
  #bot;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    for (const screen of [this.#isNarrow, this.#isFrugal]) screen.addEventListener("change", () => void this.#draw());
  }

  /** @param {Chat.Bot | undefined} bot */
  show(bot) {
    if (bot?.id === this.#bot?.id) return;
    this.#bot = bot;
    void this.#draw();
  }

  get #scene() {
    if (this.#isFrugal.matches) return null;
    return (this.#isNarrow.matches ? this.#bot?.mobile_background : this.#bot?.background) ?? null;
  }

  async #draw() {
    const scene = this.#scene;
    const isThere = scene !== null && (await canBeHad(scene.picture));
    if (scene !== this.#scene) return;
    const { style } = this.#element;
    this.#element.toggleAttribute("data-backdrop", isThere);
    if (!scene || !isThere) return;
    style.setProperty("--backdrop", `url("${scene.picture}")`);
    style.setProperty("--backdrop-color", scene.theme_color || "transparent");
  }
}

/** @param {string} path @returns {Promise<boolean>} */
function canBeHad(path) {
  const picture = new Image();
  picture.src = path;
  return picture.decode().then(() => true, () => false);
}
