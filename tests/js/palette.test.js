/** The command palette: what it lists, how it is led by keys, what it tells a screen reader; and pages of hits. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it, mock } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { fitOf, groupsFor } from "../../static/js/lib/palette.js";
import { turnOf, pathOf } from "../../static/js/lib/opening.js";
import { Latest, addressOf, join } from "../../static/js/lib/search-page.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";

window.HTMLDialogElement.prototype.showModal = function () { this.open = true; };
window.HTMLDialogElement.prototype.close = function () { this.open = false; };
window.HTMLElement.prototype.scrollIntoView = () => {};
const { CommandPalette } = await import("../../static/js/elements/command-palette.js");
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const row = (id, name, at = "2026-11-21T10:00:00Z") => ({ ...objects.conversation, id, name, bot_name: "Echo", last_asked_at: at });
const settle = () => new Promise(setImmediate);

describe("fitting", () => {
  it("likes the beginning best, then a word's, then the inside, then letters in order; every word must fit", () => {
    assert.deepEqual(["sett", "ettings", "stngs", "xyz"].map((typed) => fitOf("Settings", typed)), [4, 2, 1, 0]);
    assert.equal(fitOf("My Settings", "set"), 3);
    assert.equal(fitOf("My Settings", "set my"), 3);
    assert.equal(fitOf("My Settings", "set your"), 0);
    assert.equal(fitOf("Sing", "sg"), 0); // two letters anywhere would fit nearly everything
  });

  it("knows Chinese inside a name, accents and widths", () => {
    assert.equal(fitOf("明天的天气预报", "天气"), 3);
    assert.equal(fitOf("明天的天气预报", "天报"), 0);
    assert.equal(fitOf("Crème brûlée", "BRULEE"), 3);
    assert.equal(fitOf("ＡＢＣ", "abc"), 4);
  });

  it("keeps the order of what fits equally, and of the groups", () => {
    const entry = (group, label) => ({ key: label, group, label, detail: "", run: () => {} });
    const entries = [entry("search", "Search for “ra”"), entry("actions", "Rank"), entry("conversations", "A rain"), entry("conversations", "Rain"), entry("conversations", "B rain"), entry("bots", "Rainer")];
    const listed = (typed) => groupsFor(entries, typed).map((group) => [group.kind, group.entries.map((one) => one.key)]);
    assert.deepEqual(listed("ra"), [["conversations", ["Rain", "A rain", "B rain"]], ["bots", ["Rainer"]], ["actions", ["Rank"]], ["search", ["Search for “ra”"]]]);
    assert.deepEqual(listed("").map(([kind]) => kind), ["conversations", "actions", "search"]);
  });
});

describe("the palette", () => {
  beforeEach(() => document.body.replaceChildren());

  function opened(answers = {}) {
    const element = document.body.appendChild(new CommandPalette());
    const conversations = [row("old", "Old rain", "2026-01-01T00:00:00Z"), row("new", "New rain")];
    const store = createStore(stateFromPage(pageState({ conversations, bots: [{ ...objects.bot, id: "b", name: "Echo" }] }), 0));
    const asked = [];
    const get = (path) => (asked.push(path), new Promise((done) => (answers[path] = done)));
    const heard = [];
    document.addEventListener("open-conversation", (event) => heard.push(event.detail), { once: true });
    element.open({ store, commands: { get } });
    const field = element.querySelector("input");
    const press = (key, more = {}) => field.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
    const type = (text) => {
      field.value = text;
      field.dispatchEvent(new window.Event("input"));
    };
    const options = () => [...element.querySelectorAll("[role=option]")];
    const chosen = () => element.querySelector("[aria-selected=true]");
    return { element, field, press, type, options, chosen, asked, answers, heard };
  }

  it("begins with the newest conversations, and the field knows which one is chosen", () => {
    const { field, options, chosen, press } = opened();
    assert.deepEqual(options().slice(0, 2).map((one) => one.querySelector(".palette__label").textContent), ["New rain", "Old rain"]);
    assert.equal(field.getAttribute("aria-activedescendant"), chosen().id);
    assert.equal(chosen(), options()[0]);
    press("ArrowDown");
    assert.equal(chosen(), options()[1]);
    assert.equal(field.getAttribute("aria-activedescendant"), options()[1].id);
    press("ArrowUp");
    press("ArrowUp");
    assert.equal(chosen(), options().at(-1));
    assert.equal(document.getElementById(field.getAttribute("aria-controls")).getAttribute("role"), "listbox");
  });

  it("opens what is chosen with Enter, but not the Enter that ends a composition", () => {
    const { element, press, heard } = opened();
    press("Enter", { isComposing: true });
    assert.equal(element.querySelector("dialog").open, true);
    press("Enter");
    assert.equal(element.querySelector("dialog").open, false);
    assert.deepEqual(heard, [{ id: "new", push: true }]);
  });

  it("asks the server after a breath, ignores answers that come too late, and keeps what was chosen by hand", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { type, press, options, chosen, asked, answers, element } = opened();
    const labels = () => options().map((one) => one.querySelector(".palette__label").textContent);
    type("ra");
    mock.timers.tick(200);
    type("rain");
    mock.timers.tick(200);
    assert.deepEqual(asked, ["/search/places/?q=ra", "/search/places/?q=rain"]);
    press("ArrowDown");
    const label = chosen().textContent;
    answers["/search/places/?q=rain"]({ conversations: [row("far", "Rain of 2019")], bots: [] });
    await settle();
    assert.deepEqual(labels(), ["Rain of 2019", "New rain", "Old rain", "Search messages for “rain”"]);
    assert.equal(chosen().textContent, label);
    answers["/search/places/?q=ra"]({ conversations: [row("stale", "Rain too late")], bots: [] });
    await settle();
    assert.equal(labels().includes("Rain too late"), false);
    mock.timers.tick(1_000);
    assert.equal(element.querySelector("[role=status]").textContent, "4 results");
    mock.timers.reset();
  });

  it("shows names as text", () => {
    const { type, element } = opened();
    type("<img src=x>");
    assert.equal(element.querySelector("img"), null);
    assert.match(element.textContent, /Search messages for “<img src=x>”/);
  });
});

describe("the page of hits", () => {
  const results = (html) => new window.DOMParser().parseFromString(`<div id="results">${html}</div>`, "text/html").getElementById("results");
  const found = (id, ...hits) => `<section class="found" data-conversation="${id}"><ol>${hits.map((hit) => `<li>${hit}</li>`).join("")}</ol></section>`;
  const ids = (element) => [...element.querySelectorAll(".found")].map((one) => [one.dataset.conversation, one.textContent]);

  it("joins an older page to the newer one: one heading for a conversation that goes on", () => {
    const page = results(`${found("a", 1)}${found("b", 2)}<a rel="next" href="?1">more</a>`);
    join(page, results(`${found("b", 3)}${found("c", 4)}<a rel="next" href="?2">more</a>`));
    assert.deepEqual(ids(page), [["a", "1"], ["b", "23"], ["c", "4"]]);
    assert.equal(page.querySelector("[rel=next]").getAttribute("href"), "?2");
    join(page, results(found("d", 5)));
    assert.deepEqual(ids(page).at(-1), ["d", "5"]);
    assert.equal(page.querySelector("[rel=next]"), null);
  });

  it("wants the last answer only, and has an address for what was typed", () => {
    const latest = new Latest();
    const [first, second] = [latest.ask(), latest.ask()];
    assert.deepEqual([first(), second()], [false, true]);
    assert.deepEqual([addressOf("  "), addressOf(" a&b 天 ")], ["/search/", "/search/?q=a%26b+%E5%A4%A9"]);
  });

  it("has addresses that lead to a turn", () => {
    assert.equal(pathOf("c", "t"), "/c/c/?turn=t");
    assert.deepEqual([turnOf("?turn=t"), turnOf("")], ["t", null]);
  });
});
