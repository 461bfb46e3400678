/** The entry of the page "My tasks": a store and a socket as on the chat page, and one list. */

import "./lib/i18n.js";
import { createCommands } from "./lib/commands.js";
import { csrfToken } from "./lib/csrf.js";
import { stateFromPage } from "./lib/reducer.js";
import { TabSocket } from "./lib/socket.js";
import { createStore } from "./lib/store.js";
import { TaskList } from "./elements/task-list.js";
import "./elements/connection-banner.js";
import "./elements/toast-stack.js";

const state = document.getElementById("page-state");
if (!state?.textContent) throw new Error("tasks.js: expected a script element with the id page-state");
const printed = JSON.parse(state.textContent);
const store = createStore(stateFromPage(printed, Date.now()));
const commands = createCommands({ fetch: (...args) => fetch(...args), csrfToken });
const socket = new TabSocket(new URL("/ws/", location.href.replace(/^http/, "ws")).href, store);

/** @type {Chat.Page} questions are neither asked nor listed here */
const page = {
  store,
  commands,
  retry: () => {},
  drop: () => {},
  reconnect: () => socket.reconnect(),
  loadOlder: async () => {},
  loadMoreRows: async () => {},
};

for (const element of document.querySelectorAll("connection-banner, task-list")) {
  /** @type {Chat.PageElement} */ (element).page = page;
}
const list = document.querySelector("task-list");
if (list instanceof TaskList) list.show(printed.tasks);
socket.start();
