/**
 * The protocol of a tab's WebSocket as a pure step: what is known and what happened → what is known now and what
 * to do. No socket, clock or timer in here; socket.js is the thin shell around it.
 */

import { backoffMs } from "./backoff.js";

const ACK_UNITS = 32_768;
/** The server pings each 25 s; a socket silent for longer than this is dead whatever the system says. */
export const DEAD_AFTER_MS = 40_000;
const CONNECT_WITHIN_MS = 10_000;
const SIGNED_OUT = 4401;

/**
 * @typedef {object} Link
 * @property {"idle" | "connecting" | "open" | "lost" | "ended"} phase
 * @property {number} attempt failed tries since it last worked
 * @property {number} heardAt when the last sign of life came (ms)
 * @property {number} received UTF-16 units since the socket opened
 * @property {number} acked
 * @property {string | null} followed the conversation named in the last `follow`
 * @property {boolean} isOffline what the browser says
 */

/**
 * @typedef {{type: "start"} | {type: "opened"} | {type: "frame", text: string, frame: Chat.Frame | null}
 *   | {type: "closed", code: number} | {type: "retry"} | {type: "tick"} | {type: "hint"}
 *   | {type: "online", isOnline: boolean} | {type: "wanted", conversation: string | null, follow: object | null}} Happening
 * @typedef {{do: "open"} | {do: "close"} | {do: "send", frame: object} | {do: "wait", ms: number}
 *   | {do: "dispatch", change: Chat.Change}} Deed
 * @typedef {{link: Link, deeds: Deed[]}} Step
 */

/** @returns {Link} */
export function newLink() {
  return { phase: "idle", attempt: 0, heardAt: 0, received: 0, acked: 0, followed: null, isOffline: false };
}

/**
 * @param {Link} link
 * @param {Happening} happening
 * @param {{now: number, random: number}} outside
 * @returns {Step}
 */
export function step(link, happening, { now, random }) {
  if (link.phase === "ended") return { link, deeds: [] };
  switch (happening.type) {
    case "start":
    case "retry": return link.phase === "idle" || link.phase === "lost" ? connect(link, now) : { link, deeds: [] };
    case "opened": return { link: { ...link, phase: "open", heardAt: now, received: 0, acked: 0, followed: null }, deeds: [] };
    case "frame": return received(link, happening, now, random);
    case "closed": return closed(link, happening.code, now, random);
    case "tick": return isDead(link, now) ? dropped(link, now, random) : { link, deeds: [] };
    case "hint": return hinted(link, now);
    case "online": return onlineChanged(link, happening.isOnline, now);
    case "wanted": return wanted(link, happening);
  }
}

/** @param {Link} link @param {number} now @returns {Step} */
function connect(link, now) {
  return {
    link: { ...link, phase: "connecting", heardAt: now },
    deeds: [{ do: "dispatch", change: { type: "socket_connecting" } }, { do: "open" }],
  };
}

/**
 * @param {Link} link
 * @param {{text: string, frame: Chat.Frame | null}} came `frame` is null for what is no JSON object
 * @param {number} now
 * @param {number} random
 * @returns {Step}
 */
function received(link, { text, frame }, now, random) {
  if (!frame) return dropped(link, now, random);
  const units = link.received + text.length;
  const isAckDue = units - link.acked >= ACK_UNITS;
  const next = { ...link, heardAt: now, received: units, acked: isAckDue ? units : link.acked };
  if (frame.type === "welcome") next.attempt = 0;
  if (frame.type === "signed_out") next.phase = "ended";
  /** @type {Deed[]} */
  const deeds = [{ do: "dispatch", change: frame }];
  if (isAckDue) deeds.push({ do: "send", frame: { type: "ack", chars: units } });
  return { link: next, deeds };
}

/** @param {Link} link @param {number} code @param {number} now @param {number} random @returns {Step} */
function closed(link, code, now, random) {
  if (link.phase === "lost") return { link, deeds: [] };
  if (code === SIGNED_OUT) return { link: { ...link, phase: "ended" }, deeds: [{ do: "dispatch", change: { type: "signed_out" } }] };
  return lost(link, now, random);
}

/** @param {Link} link @param {number} now @param {number} random @returns {Step} we give it up, not the server */
function dropped(link, now, random) {
  const { link: next, deeds } = lost(link, now, random);
  return { link: next, deeds: [{ do: "close" }, ...deeds] };
}

/** @param {Link} link @param {number} now @param {number} random @returns {Step} */
function lost(link, now, random) {
  const ms = backoffMs(link.attempt, random);
  const next = { ...link, phase: /** @type {const} */ ("lost"), attempt: link.attempt + 1, followed: null };
  const change = { type: /** @type {const} */ ("socket_lost"), attempt: next.attempt, retryAt: now + ms, isOffline: link.isOffline };
  return { link: next, deeds: [{ do: "dispatch", change }, { do: "wait", ms }] };
}

/** @param {Link} link @param {number} now */
function isDead(link, now) {
  if (link.phase === "connecting") return now - link.heardAt > CONNECT_WITHIN_MS;
  return link.phase === "open" && now - link.heardAt > DEAD_AFTER_MS;
}

/** @param {Link} link @param {number} now @returns {Step} the tab came into view, or a person asks to try now */
function hinted(link, now) {
  if (link.phase === "lost") return connect(link, now);
  return isDead(link, now) ? reconnected(link, now) : { link, deeds: [] };
}

/**
 * The browser's word on the network is a hint: a server on this machine answers without any. So on "offline" the
 * socket is tried anew at once, and only its failing makes the tab lost.
 * @param {Link} link @param {boolean} isOnline @param {number} now @returns {Step}
 */
function onlineChanged(link, isOnline, now) {
  const next = { ...link, isOffline: !isOnline };
  if (link.phase === "lost") return isOnline ? connect(next, now) : { link: next, deeds: [] };
  if (link.phase === "open" && !isOnline) return reconnected(next, now);
  return { link: next, deeds: [] };
}

/** @param {Link} link @param {number} now @returns {Step} */
function reconnected(link, now) {
  const { link: next, deeds } = connect({ ...link, followed: null }, now);
  return { link: next, deeds: [{ do: "close" }, ...deeds] };
}

/**
 * @param {Link} link
 * @param {{conversation: string | null, follow: object | null}} want `follow`: the frame to send, if one is due
 * @returns {Step}
 */
function wanted(link, { conversation, follow }) {
  if (link.phase !== "open") return { link, deeds: [] };
  /** @type {Deed[]} */
  const deeds = [];
  if (link.followed && link.followed !== conversation) {
    deeds.push({ do: "send", frame: { type: "unfollow", conversation: link.followed } });
  }
  if (follow) deeds.push({ do: "send", frame: follow }, { do: "dispatch", change: { type: "follow_sent" } });
  const followed = follow ? conversation : link.followed === conversation ? link.followed : null;
  return { link: { ...link, followed }, deeds };
}
