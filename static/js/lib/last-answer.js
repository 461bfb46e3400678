/** What the last answer of a conversation says, for copying and for reading aloud. Pure. */

/** @param {Chat.Turn[]} turns @returns {string} Markdown; "" when nothing was answered yet */
export function lastAnswer(turns) {
  const turn = turns.findLast((one) => one.messages.some((message) => message.text));
  return turn ? turn.messages.map(({ text }) => text).filter(Boolean).join("\n\n") : "";
}

/** @param {string} markdown @returns {string} the last block of code, without its fences; "" for none */
export function lastCode(markdown) {
  const lines = markdown.split("\n");
  /** @type {{mark: string, lines: string[]} | null} */
  let open = null;
  let last = "";
  for (const line of lines) {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (open && fence && fence[1]?.startsWith(open.mark) && !fence[2]?.trim()) {
      last = open.lines.join("\n");
      open = null;
    } else if (open) open.lines.push(line);
    else if (fence?.[1]) open = { mark: fence[1], lines: [] };
  }
  return open?.lines.length ? open.lines.join("\n") : last;
}
