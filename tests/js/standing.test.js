/** The line about a quota: when the server is asked, and which of its answers is shown. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createStanding } from "../../static/js/lib/standing.js";

const settle = () => new Promise(setImmediate);
const line = (sentence) => ({ sentence, is_reached: false, resets_in_seconds: 60 });
const turn = (id, state) => ({ id, state });

function stage(answers = {}) {
  const asked = [];
  const shown = [];
  const waits = [];
  const standing = createStanding(
    async (bot) => (asked.push(bot), answers[bot] ?? { holds: true, line: line(`${bot} ${asked.length}`) }),
    (now) => shown.push(now?.sentence ?? null),
    (again, ms) => waits.push({ again, ms }),
  );
  return { asked, shown, waits, standing };
}

describe("when it asks", () => {
  it("asks when a turn is made and when it ends, not while it streams", async () => {
    const { asked, standing } = stage();
    standing.look("echo", []);
    standing.look("echo", [turn("1", "queued")]);
    standing.look("echo", [turn("1", "running")]);
    standing.look("echo", [turn("1", "running")]);
    standing.look("echo", [turn("1", "completed")]);
    await settle();
    assert.equal(asked.length, 3);
  });

  it("does not ask again about a bot without quotas, but about another", async () => {
    const { asked, standing } = stage({ free: { holds: false, line: null } });
    standing.look("free", []);
    await settle();
    standing.look("free", [turn("1", "completed")]);
    standing.look("echo", []);
    await settle();
    assert.deepEqual(asked, ["free", "echo"]);
  });

  it("asks when something was used elsewhere, and when the quota resets", async () => {
    const { asked, waits, standing } = stage();
    standing.look("echo", []);
    standing.look("echo", [], true);
    await settle();
    assert.equal(asked.length, 2);
    assert.equal(waits.at(-1).ms, 61_000);
    waits.at(-1).again();
    await settle();
    assert.equal(asked.length, 3);
  });
});

describe("what it shows", () => {
  it("shows the newest answer only, and nothing of the bot before", async () => {
    const { shown, standing } = stage();
    standing.look("echo", []);
    standing.look("other", []);
    await settle();
    assert.deepEqual(shown, [null, null, "other 2"]);
  });
});
