/** Makes nodes on the page like freshly drawn ones, and touches only what differs. */

/**
 * @param {Node} parent
 * @param {ChildNode | null} first where the open part begins; null: at the end
 * @param {ChildNode[]} wanted
 */
export function reconcile(parent, first, wanted) {
  let current = first;
  for (const [index, node] of wanted.entries()) {
    if (!current) {
      appendAll(parent, wanted.slice(index));
      break;
    }
    const next = current.nextSibling;
    if (current !== node && (differsAtEnd(current, node) || !current.isEqualNode(node))) become(current, node);
    current = next;
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

/** At once: a parent looks through all its children whenever some come or go. @param {Node} parent @param {ChildNode[]} nodes */
function appendAll(parent, nodes) {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) fragment.appendChild(node);
  parent.appendChild(fragment);
}

/**
 * Text grows at its end: a look at the last leaf nearly always spares comparing whole blocks.
 * @param {Node} a
 * @param {Node} b
 */
function differsAtEnd(a, b) {
  /** @type {[Node | null, Node | null]} */
  let [left, right] = [a, b];
  while (left && right) {
    if (left.nodeName !== right.nodeName || left.nodeValue !== right.nodeValue) return true;
    [left, right] = [left.lastChild, right.lastChild];
  }
  return left !== right;
}

/** @param {ChildNode} current @param {ChildNode} wanted */
function become(current, wanted) {
  if (isText(current) && isText(wanted)) {
    // Appending keeps a selection, and the lines already laid out.
    if (wanted.data.startsWith(current.data)) current.appendData(wanted.data.slice(current.data.length));
    else current.data = wanted.data;
  } else if (current.cloneNode(false).isEqualNode(wanted.cloneNode(false))) {
    reconcile(current, current.firstChild, /** @type {ChildNode[]} */ ([...wanted.childNodes]));
  } else {
    current.replaceWith(wanted);
  }
}

/** @param {Node} node @returns {node is Text} */
function isText(node) {
  return node.nodeType === 3;
}
