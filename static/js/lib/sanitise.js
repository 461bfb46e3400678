/** The last gate before the page: only a short list of tags and attributes comes through, whatever came in. */

import DOMPurify from "../../vendor/dompurify.js";

const TAGS = (
  "p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code strong em del a img input " +
  "table thead tbody tr th td sub sup kbd mark u ins span"
).split(" ");
/** No style, no id or name (they would shadow the document's own properties), no event handlers. */
const ATTRIBUTES = "href title target rel src alt align start class type checked disabled".split(" ");
const REMOTE_IMAGE = /^https?:\/\//i;
/** The only classes, by tag: the language of code, and formulas to be drawn. */
const CLASSES = /** @type {Record<string, RegExp>} */ ({ CODE: /^language-[\w+#.-]{1,30}$/, SPAN: /^maths(?: maths--display)?$/ });
const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;

/** Where the picture of the node in work is: no browser may fetch it, remote-picture.js knows a way. */
let remote = "";

DOMPurify.addHook("uponSanitizeAttribute", (node, data) => {
  if (data.attrName === "class" && !CLASSES[node.nodeName]?.test(data.attrValue)) data.keepAttr = false;
  if (data.attrName === "src" && !DATA_IMAGE.test(data.attrValue)) {
    data.keepAttr = false;
    if (node.nodeName === "IMG" && REMOTE_IMAGE.test(data.attrValue)) remote = data.attrValue;
  }
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (remote) node.setAttribute("data-remote", remote);
  remote = "";
  if (node.nodeName === "INPUT") {
    if (node.getAttribute("type") === "checkbox") {
      node.setAttribute("disabled", "");
      node.setAttribute("aria-label", node.hasAttribute("checked") ? gettext("done") : gettext("to do"));
    } else node.remove();
  }
  if (node.nodeName === "A" && node.hasAttribute("href")) {
    node.setAttribute("rel", "noopener noreferrer nofollow ugc");
    node.setAttribute("target", "_blank");
  }
});

/** @param {string} html @returns {DocumentFragment} */
export function sanitise(html) {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    // All but these must look like an address, and only href and src are addresses.
    ADD_URI_SAFE_ATTR: ["target", "rel", "align", "start", "type", "checked", "disabled"],
    ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
