/** Small line drawings of the cards and of the tools below answers, made in place: the sprite of the templates has an address only templates know. */

const PATHS = {
  waiting: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  ready: "m7.5 12.3 3 3 6-6.6M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  submitting: "M12 3.5a8.5 8.5 0 1 1-8.5 8.5",
  answered: "m5 12.5 4.5 4.5L19 7.5",
  declined: "M5.8 5.8l12.4 12.4M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  refused: "M12 8v4.8M12 16.2h.01M10.6 4.4 3.4 17a1.6 1.6 0 0 0 1.4 2.4h14.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.4a1.6 1.6 0 0 0-2.8 0Z",
  expired: "M8 4h8M8 20h8M9 4v3.2l3 4.8-3 4.8V20M15 4v3.2L12 12l3 4.8V20",
  canceled: "M9 9h6v6H9ZM12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  superseded: "M5 7v4a3 3 0 0 0 3 3h11M15 10l4 4-4 4",
  tool: "M14.6 6.3a4.2 4.2 0 0 0-5.5 5.4L4 16.8 7.2 20l5.1-5.1a4.2 4.2 0 0 0 5.4-5.5l-2.6 2.6-2.7-.4-.4-2.7 2.6-2.6Z",
  question: "M9.3 9.2a2.8 2.8 0 1 1 4.2 2.6c-.9.5-1.5 1-1.5 2M12 16.8h.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  key: "M14.5 9.5h.01M15 4.5a4.5 4.5 0 0 0-4.3 5.8L4.5 16.5v3h3l.5-.5v-2h2v-2h1.5l1.2-1.2A4.5 4.5 0 1 0 15 4.5Z",
  file: "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5l-5-5ZM13.5 3.5v5h5",
  place: "M12 20.5s-6.5-5.4-6.5-10.3a6.5 6.5 0 0 1 13 0c0 4.9-6.5 10.3-6.5 10.3ZM12 12.3a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  copy: "M9 9V5.5A1.5 1.5 0 0 1 10.5 4h8A1.5 1.5 0 0 1 20 5.5v8a1.5 1.5 0 0 1-1.5 1.5H15M5.5 9h8A1.5 1.5 0 0 1 15 10.5v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 18.5v-8A1.5 1.5 0 0 1 5.5 9Z",
  close: "m6 6 12 12M18 6 6 18",
  before: "M14.5 5.5 8 12l6.5 6.5",
  after: "M9.5 5.5 16 12l-6.5 6.5",
  "zoom-in": "M10.5 7.5v6M7.5 10.5h6M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l4.5 4.5",
  "zoom-out": "M7.5 10.5h6M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l4.5 4.5",
  good: "M7.5 20.5h8.9a2 2 0 0 0 2-1.6l1.3-6.7a2 2 0 0 0-2-2.4h-4l.7-3.6a2.3 2.3 0 0 0-4.2-1.7L7.5 9.8ZM7.5 9.8H4.6v10.7h2.9Z",
  bad: "M16.5 3.5H7.6a2 2 0 0 0-2 1.6l-1.3 6.7a2 2 0 0 0 2 2.4h4l-.7 3.6a2.3 2.3 0 0 0 4.2 1.7l2.7-5.3ZM16.5 14.2h2.9V3.5h-2.9Z",
  info: "M12 11v5M12 8h.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z",
  fold: "m7 10 5 5 5-5",
  previous: "m14 7-5 5 5 5",
  next: "m10 7 5 5-5 5",
  edit: "M4.5 19.5h3.8L19 8.8 15.2 5 4.5 15.7v3.8ZM12.8 7.4l3.8 3.8",
  regenerate: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
};

/** @typedef {keyof typeof PATHS} Glyph */

const SVG = "http://www.w3.org/2000/svg";

/** @param {Glyph} name @returns {SVGSVGElement} */
export function glyph(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
