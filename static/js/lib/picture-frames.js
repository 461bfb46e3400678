/** Frames for pictures of other hosts: a link that names the host stands in until the site has fetched the picture. */

import { make } from "./make.js";

/** @param {DocumentFragment} fragment sanitised */
export function framePictures(fragment) {
  for (const image of fragment.querySelectorAll("img[data-remote]")) {
    image.replaceWith(frameOf(image.getAttribute("data-remote") ?? "", image.getAttribute("alt") ?? ""));
  }
}

/** @param {string} address of http or https @param {string} alt */
export function frameOf(address, alt) {
  const frame = document.createElement("remote-picture");
  if (!URL.canParse(address)) return frame;
  frame.dataset.address = address;
  frame.dataset.alt = alt;
  frame.append(pictureLink(address, alt));
  return frame;
}

/** @param {string} address @param {string} alt */
export function pictureLink(address, alt) {
  const { host } = new URL(address);
  const words = interpolate(gettext("Picture: %(text)s (%(host)s)"), { text: alt || gettext("untitled"), host }, true);
  return make("a", { href: address, title: host, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, words);
}
