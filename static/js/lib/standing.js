/**
 * When to ask where a person stands with a bot's quota: at first, for another bot, and when a turn was made or is over.
 * A bot without quotas is not asked about again.
 *
 * @typedef {{sentence: string, is_reached: boolean, resets_in_seconds: number}} Line
 * @typedef {{holds: boolean, line: Line | null}} Standing
 */

const LONGEST_MS = 2 ** 31 - 1; // a month is longer than a timer can wait
const OVER = new Set(["completed", "failed", "canceled", "lost"]);

/**
 * @param {(bot: string) => Promise<Standing>} fetchStanding
 * @param {(line: Line | null) => void} show
 * @param {(again: () => void, ms: number) => void} wait
 */
export function createStanding(fetchStanding, show, wait) {
  /** @type {Set<string>} */
  const free = new Set();
  let seen = "";
  let asked = 0;

  return {
    /**
     * Called at every change of the store but deltas.
     * @param {string | null} bot @param {readonly {id: string, state: string}[]} turns
     * @param {boolean} [isNews] something was used elsewhere
     */
    look(bot, turns, isNews = false) {
      const now = `${bot} ${mark(turns)}`;
      if (now === seen && !isNews) return;
      const isOther = !seen.startsWith(`${bot} `);
      seen = now;
      if (isOther) show(null);
      if (bot !== null && !free.has(bot)) void ask(bot);
    },
  };

  /** Of several answers under way the last asked for counts. @param {string} bot */
  async function ask(bot) {
    asked += 1;
    const mine = asked;
    try {
      const { holds, line } = await fetchStanding(bot);
      if (!holds) free.add(bot);
      if (mine !== asked) return;
      show(line);
      if (line) wait(() => void (mine === asked && ask(bot)), Math.min((line.resets_in_seconds + 1) * 1000, LONGEST_MS));
    } catch (error) {
      console.warn("the quota could not be asked for", error); // the server minds it all the same
    }
  }
}

/** Changes when a turn is made and when it ends, not while it streams. @param {readonly {id: string, state: string}[]} turns */
export function mark(turns) {
  const last = turns.at(-1);
  return `${last?.id ?? ""} ${turns.filter(({ state }) => OVER.has(state)).length}`;
}
