/** Which word the connection deserves (M-077). Knows no document and no clock. */

/**
 * @typedef {"" | "offline" | "reconnecting" | "signed_out"} Fault
 * @param {Chat.Socket} socket
 * @returns {Fault} "" while all is well or nothing was tried yet
 */
export function troubleOf(socket) {
  if (socket.isSignedOut) return "signed_out";
  if (socket.state === "caught_up" || socket.state === "idle") return "";
  return socket.isOffline ? "offline" : "reconnecting";
}
