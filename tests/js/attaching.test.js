/** Which files may go, and the tray that uploads them: nothing is lost by a failure, nothing blocks the others. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../static/js/lib/i18n.js";
import { objectionTo, plainName } from "../../static/js/lib/attaching.js";
import { CommandFailed } from "../../static/js/lib/commands.js";
import { FileTray, trayWords } from "../../static/js/lib/file-tray.js";

const rules = { kinds: ["image", "document"], most: 4, types: ["png", "pdf", "mp3"], maxBytes: 5_000_000 };
const settle = () => new Promise(setImmediate);

describe("an objection names the file and the limit", () => {
  const said = [
    ["a.png", 0, "a.png is empty."],
    ["a.png", 6_000_000, "a.png is larger than 5 MB."],
    ["a.md", 5, "a.md: the bot's service takes no such files."],
    ["a.mp3", 5, "a.mp3: this bot takes only pictures and documents."],
    ["A.PDF", 5, ""],
  ];
  for (const [name, size, words] of said) it(`${name}, ${size} bytes`, () => assert.equal(objectionTo({ name, size }, rules, "en"), words));
  it("a bot that reads none", () => assert.equal(objectionTo({ name: "a.png", size: 1 }, { ...rules, kinds: [] }), "This bot takes no files."));
});

it("a name cannot pretend by direction or controls", () => {
  assert.equal(plainName("gnp\u202eexe.\u0000png\n"), "gnpexe.png");
  assert.equal(plainName("\u200b"), "file");
});

/** A tray whose uploads the test ends. */
function newTray() {
  const uploads = [];
  const upload = (place) => (file, progress, signal) =>
    new Promise((done, fail) => {
      signal.addEventListener("abort", () => fail(new CommandFailed({ reason: "canceled", sentence: "", advice: "", fields: {}, status: 0 })));
      uploads.push({ place, file, progress, fail: (reason, sentence = "") => fail(new CommandFailed({ reason, sentence, advice: "", fields: {}, status: 400 })), done: () => done({ id: file.name, name: file.name, size_bytes: file.size }) });
    });
  const tray = new FileTray({ changed: () => {}, upload });
  tray.showFor({ conversation: "c1", bot: "b1" });
  return { tray, uploads, states: () => tray.entries.map(({ name, state }) => `${name} ${state}`) };
}
const file = (name, size = 3) => ({ name, size });

describe("the tray", () => {
  it("uploads three at a time and goes on with the next", async () => {
    const { tray, uploads, states } = newTray();
    assert.deepEqual(tray.add(["a.png", "b.png", "c.md", "d.png", "e.png", "f.png"].map((name) => file(name)), rules), [
      "c.md: the bot's service takes no such files.",
      "f.png is left out: at most 4 files go with a question.",
    ]);
    assert.deepEqual(states(), ["a.png uploading", "b.png uploading", "d.png uploading", "e.png waiting"]);
    assert.equal(trayWords(tray, true), "Sent as soon as the files are there: 0 of 4 uploaded.");
    uploads[0].done();
    await settle();
    assert.deepEqual(states(), ["a.png there", "b.png uploading", "d.png uploading", "e.png uploading"]);
    assert.equal(trayWords(tray, false), "1 of 4 uploaded");
  });

  it("keeps a failed one with its reason until it is tried again or removed", async () => {
    const { tray, uploads, states } = newTray();
    tray.add([file("a.png"), file("b.png")], rules);
    uploads[0].fail("not_uploaded", "No.");
    uploads[1].done();
    await settle();
    assert.deepEqual([states(), tray.entries[0].problem, tray.isBusy], [["a.png failed", "b.png there"], "No.", false]);
    assert.equal(trayWords(tray, false), "a.png was not uploaded: try again or remove it.");
    tray.retry(tray.entries[0].id);
    uploads[2].done();
    await settle();
    assert.deepEqual(tray.take().map(({ id }) => id), ["a.png", "b.png"]);
    assert.deepEqual(tray.entries, []);
  });

  it("forgets what is canceled", async () => {
    const { tray, states } = newTray();
    tray.add([file("a.png")], rules);
    tray.remove(tray.entries[0].id);
    await settle();
    assert.deepEqual(states(), []);
  });

  it("keeps the files of each conversation apart, and those of a beginning one with it", async () => {
    const { tray, states, uploads } = newTray();
    tray.showFor({ conversation: null, bot: "b1" });
    tray.add([file("new.png")], rules);
    uploads[0].done();
    await settle();
    tray.showFor({ conversation: null, bot: "b2" });
    assert.deepEqual([states(), uploads[1].place.bot], [["new.png uploading"], "b2"]);
    uploads[1].done();
    await settle();
    tray.carryInto("c2");
    tray.showFor({ conversation: "c1", bot: "b1" });
    assert.deepEqual(states(), []);
    tray.showFor({ conversation: "c2", bot: "b2" });
    assert.deepEqual(states(), ["new.png there"]);
  });
});
