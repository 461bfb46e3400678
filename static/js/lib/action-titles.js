/** What a card is called. Pure. */

/** @param {Chat.Action} action @param {string} language of the page @returns {string} the tool's title, or what is asked */
export function titleOf(action, language) {
  if (action.kind === "question") return action.question?.text || action.name || askedWords(action);
  const titles = action.tool?.titles;
  return (language.startsWith("zh") ? titles?.zh : titles?.en) || titles?.en || titles?.zh || action.name;
}

/** A question without words: some channels lose them. @param {Chat.Action} action */
function askedWords({ question }) {
  return Object.keys(question?.fields ?? {}).length ? gettext("A few details, please") : gettext("The bot asks");
}
