/**
 * Opens the command palette (M-035) at `open-palette`, at its key and from the sidebar's "Search". Its code and its
 * styles come with the first opening.
 */

/** @param {Chat.Page} page */
export function listenForPalette(page) {
  const key = document.querySelector("[data-opens-palette] kbd");
  if (key && /^(Mac|iP)/.test(navigator.platform)) key.textContent = "⌘ K";
  document.addEventListener("open-palette", () => void open(page));
  document.addEventListener("keydown", (event) => {
    // From then on the keyboard's own table says which key it is.
    if (customElements.get("page-keys") || !isPaletteKey(event)) return;
    event.preventDefault();
    void open(page);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-opens-palette]") : null;
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void open(page);
  });
}

/** @param {KeyboardEvent} event Ctrl+K, on a Mac Cmd+K */
function isPaletteKey({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  return key.toLowerCase() === "k" && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

/** @type {import("./command-palette.js").CommandPalette | null} */
let palette = null;

/** From the second time on at once: what is typed next belongs into it. @param {Chat.Page} page */
async function open(page) {
  if (palette) return palette.open(page);
  try {
    const [{ CommandPalette }] = await Promise.all([import("./command-palette.js"), styles()]);
    palette ??= document.body.appendChild(new CommandPalette());
    palette.open(page);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // without its code it is the page of hits
    location.assign("/search/");
  }
}

/** @type {Promise<void> | null} */
let dressed = null;

/** @returns {Promise<void>} a palette without its styles is still one */
function styles() {
  dressed ??= new Promise((done) => {
    const href = document.querySelector("[data-palette-styles]")?.getAttribute("data-palette-styles");
    if (!href) return done();
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => done());
    document.head.append(link);
  });
  return dressed;
}
