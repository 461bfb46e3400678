/**
 * Runs alone in the sandboxed frame (templates/chat/diagram.html): a source comes in by message, a drawing or "failed"
 * is what it says. A classic script: modules would ask for a server that lets any origin read them.
 */

/** @typedef {{source: string, isDark: boolean, colours: Record<string, string>}} Order */

/** @param {Record<string, unknown>} message an opaque origin cannot name its reader; nothing in here is secret */
function tellPage(message) {
  parent.postMessage(message, "*");
}

/** @param {Order} order */
async function drawDiagram({ source, isDark, colours }) {
  const drawing = /** @type {HTMLElement} */ (document.getElementById("drawing"));
  document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  document.documentElement.style.background = colours["background"] ?? "";
  const { mermaid } = /** @type {any} */ (globalThis);
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    theme: "base",
    themeVariables: { darkMode: isDark, fontFamily: "system-ui, sans-serif", ...colours },
  });
  try {
    const { svg } = await mermaid.render("diagram", source);
    drawing.innerHTML = svg;
    for (const link of drawing.querySelectorAll("a")) link.replaceWith(...link.childNodes); // they would leave the frame empty
    tellPage({ state: "drawn", height: Math.ceil(document.body.getBoundingClientRect().height) });
  } catch {
    // It is the bot's text that is wrong; the page shows it.
    tellPage({ state: "failed" });
  }
}

addEventListener("message", ({ source, data }) => {
  if (source === parent) void drawDiagram(data);
});
new ResizeObserver(() => {
  const { body } = document;
  if (document.querySelector("#drawing svg")) tellPage({ state: "drawn", height: Math.ceil(body.getBoundingClientRect().height) });
}).observe(document.body);
tellPage({ state: "ready" });
