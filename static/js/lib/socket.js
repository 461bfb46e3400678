/** The tab's one WebSocket: runs the steps of link.js on a real socket, clock and timers. */

import { newLink, step } from "./link.js";
import { followFrame } from "./reducer.js";

const TICK_MS = 5_000;

export class TabSocket {
  #link = newLink();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #url;
  #store;
  #WebSocket;

  /**
   * @param {string} url ws:// or wss://
   * @param {Chat.Store} store
   * @param {typeof WebSocket} Socket the class to use
   */
  constructor(url, store, Socket = WebSocket) {
    this.#url = url;
    this.#store = store;
    this.#WebSocket = Socket;
  }

  start() {
    this.#store.subscribe((state) => this.#look(state));
    setInterval(() => this.#handle({ type: "tick" }), TICK_MS);
    addEventListener("online", () => this.#handle({ type: "online", isOnline: true }));
    addEventListener("offline", () => this.#handle({ type: "online", isOnline: false }));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#handle({ type: "hint" });
    });
    this.#handle({ type: "start" });
  }

  /** Try now, whatever the back-off says. */
  reconnect() {
    this.#handle({ type: "hint" });
  }

  /** @param {Chat.State} state runs at every change: cheap unless something is due */
  #look(state) {
    if (this.#link.phase !== "open") return;
    const conversation = state.conversation?.id ?? null;
    const isElsewhere = this.#link.followed !== null && this.#link.followed !== conversation;
    if (!state.needs.follow && !isElsewhere) return;
    this.#handle({ type: "wanted", conversation, follow: state.needs.follow ? followFrame(state) : null });
  }

  /** @param {import("./link.js").Happening} happening */
  #handle(happening) {
    const { link, deeds } = step(this.#link, happening, { now: Date.now(), random: Math.random() });
    this.#link = link;
    for (const deed of deeds) this.#carryOut(deed);
  }

  /** @param {import("./link.js").Deed} deed */
  #carryOut(deed) {
    switch (deed.do) {
      case "open": return this.#open();
      case "close": return this.#close();
      case "send": return this.#send(deed.frame);
      case "wait": return this.#wait(deed.ms);
      case "dispatch": return this.#store.dispatch(deed.change);
    }
  }

  #open() {
    clearTimeout(this.#retry);
    const socket = new this.#WebSocket(this.#url);
    this.#socket = socket;
    // A socket that was given up may still speak: only the current one is heard.
    const isCurrent = () => this.#socket === socket;
    socket.onopen = () => {
      if (!isCurrent()) return;
      this.#handle({ type: "opened" });
      this.#look(this.#store.get());
    };
    socket.onmessage = ({ data }) => {
      if (isCurrent()) this.#handle({ type: "frame", text: data, frame: parsed(data) });
    };
    socket.onclose = ({ code }) => {
      if (isCurrent()) this.#handle({ type: "closed", code });
    };
  }

  #close() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState === this.#WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {number} ms */
  #wait(ms) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#handle({ type: "retry" }), ms);
  }
}

/** @param {string} text @returns {Chat.Frame | null} stamped with the time it came */
function parsed(text) {
  try {
    const frame = JSON.parse(text);
    if (typeof frame !== "object" || frame === null) return null;
    frame.at = Date.now();
    return frame;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
