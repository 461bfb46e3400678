/**
 * The entry of the transcript: draws answers as their readers saw them, fetches raw events when they are opened,
 * copies ids and asks before a page of another site. Without it the page shows the answers' source.
 */

import "../lib/i18n.js";
import { glance } from "./links.js";
import { addCopyButtons } from "./copied-text.js";
import { openEvents } from "./raw-events.js";
import "./reviews/message-annotations.js";
import "./shown-answer.js";

// A link to a turn of another page of the transcript: `#turn-…` alone never reaches the server.
const wanted = /^#turn-([\da-f-]{36})$/.exec(location.hash)?.[1];
const query = new URLSearchParams(location.search);
if (wanted && !document.getElementById(`turn-${wanted}`) && query.get("turn") !== wanted) {
  const kept = query.get("events") === "1" ? "&events=1" : "";
  location.replace(`${location.pathname}?turn=${wanted}${kept}${location.hash}`);
}

addCopyButtons(document);
openEvents(document);
document.addEventListener("click", glance);
