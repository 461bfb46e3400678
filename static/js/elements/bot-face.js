/** A bot's face: initials on a colour of its own, and its icon instead as soon as that is there. */

import { hueOf, initialsOf } from "../lib/avatar.js";
import { make } from "../lib/make.js";

/**
 * @param {HTMLElement} face
 * @param {{ id: string, name: string, icon: string }} bot `icon`: a path of this site, or empty
 */
export function showFace(face, { id, name, icon }) {
  face.dataset.hue = String(hueOf(id));
  face.textContent = initialsOf(name);
  if (!icon) return;
  // An icon that cannot be had never takes the place of the initials.
  const picture = make("img", { class: "avatar__picture", alt: "", fetchpriority: "low" });
  picture.addEventListener("load", () => face.replaceChildren(picture));
  picture.src = icon;
}
