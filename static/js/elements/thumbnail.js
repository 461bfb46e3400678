/** A small picture of a file: from the device while it is uploaded, from the site later, a drawing for all else. */

import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";

const SIDE_PIXELS = 96;

/** @param {File | null} file @param {Chat.Attachment | null} attachment @returns {Element} */
export function thumbnailOf(file, attachment) {
  if (attachment?.picture) return make("img", { src: attachment.picture, alt: "", loading: "lazy" });
  const canvas = make("canvas", { "aria-hidden": "true" });
  if (!file?.type.startsWith("image/") || file.type === "image/svg+xml") return glyph("file");
  void draw(file, canvas);
  return canvas;
}

/** Into a canvas: an address of the device's would need a hole in the page's policy. @param {File} file @param {HTMLCanvasElement} canvas */
async function draw(file, canvas) {
  try {
    const bitmap = await createImageBitmap(file);
    const side = Math.min(bitmap.width, bitmap.height);
    canvas.width = canvas.height = SIDE_PIXELS;
    canvas.getContext("2d")?.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, SIDE_PIXELS, SIDE_PIXELS);
    bitmap.close();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    canvas.replaceWith(glyph("file")); // called a picture, and is none
  }
}
