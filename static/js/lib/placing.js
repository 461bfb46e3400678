/** Where an open menu stands: below its button if there is room, else above; never outside the window. */

const GAP_PX = 4;

/** @param {HTMLElement} menu is open @param {DOMRect} opener */
export function placeAt(menu, opener) {
  const { width, height } = menu.getBoundingClientRect();
  const below = opener.bottom + GAP_PX;
  const top = below + height > innerHeight ? opener.top - height - GAP_PX : below;
  const left = Math.min(opener.left, innerWidth - width - 2 * GAP_PX);
  menu.style.top = `${Math.max(GAP_PX, top)}px`;
  menu.style.left = `${Math.max(GAP_PX, left)}px`;
}
