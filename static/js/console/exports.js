/** The page of exports moves on while one of them is being made. Without this file it shows that when it is loaded. */

const PAUSE_MS = 1500;

async function watch() {
  for (;;) {
    const shown = document.getElementById("exports");
    if (!shown?.hasAttribute("data-moving")) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("exports");
    if (!now) return;
    if (!shown.contains(document.activeElement)) shown.replaceWith(document.adoptNode(now));
    else if (!now.hasAttribute("data-moving")) shown.replaceWith(document.adoptNode(now));
  }
}

void watch();
