/** Cards on a page, in every state: what they show, what they send, and that nothing is sent twice or lost. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { window } from "./browser.js";
import { pageState } from "./page-state.js";
import { CommandFailed } from "../../static/js/lib/commands.js";
import { stateFromPage } from "../../static/js/lib/reducer.js";
import { createStore } from "../../static/js/lib/store.js";

const { ActionCard } = await import("../../static/js/elements/action-card.js");
const { ChatTurn } = await import("../../static/js/elements/chat-turn.js");
const { loadCards } = await import("../../static/js/elements/card-loader.js");
await loadCards();
const { objects } = JSON.parse(await readFile(new URL("../frames.json", import.meta.url), "utf8"));

const settle = () => new Promise(setImmediate);
const toolCall = { ...objects.tool_call, tool: null };
const asked = { ...objects.question, state: "pending", decision: "", output: "", refusal: null, answered_at: null, answered_by: "", device: "" };
const words = { ...asked, question: { text: "Where to?", options: [], fields: {}, link: "" } };
const options = { ...asked, question: { text: "Where to?", options: ["Ulm", "Bonn"], fields: {}, link: "" } };
const answered = { state: "answered", decision: "answered", output: "Ulm", answered_by: "Ann", device: "Firefox · Android", answered_at: "2026-01-02T03:04:05Z" };
const refusal = { reason: "refused_outputs", code: "4000", message: "too short", log_id: "20260102" };
const failure = (reason, sentence = "") => new CommandFailed({ reason, sentence, advice: "", fields: {}, status: 0 });

/** @param {Element} element @param {string} selector */
const one = (element, selector) => /** @type {any} */ (element.querySelector(selector));
const seen = (element) => element && !element.closest("[hidden]");
/** The visible button of that name. @param {Element} element @param {string} name */
const button = (element, name) => [...element.querySelectorAll("button")].find((each) => each.textContent === name && seen(each));
const submit = (card) => one(card, "form").dispatchEvent(new window.Event("submit", { cancelable: true, bubbles: true }));
function type(control, text) {
  control.value = text;
  control.dispatchEvent(new window.Event("input", { bubbles: true }));
}
const key = (element, name, more = {}) => element.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));

/** A card whose commands the test answers. @param {object} action @param {object} [turn] */
function shown(action, turn = {}) {
  window.sessionStorage.clear(); // another tab
  const calls = [];
  const gets = [];
  const took = [];
  const events = [];
  const commands = {
    get: async (path) => (gets.push(path), { turns: [{ id: "t", taken: true }] }),
    post: (path, body) => (path.endsWith("/draft/") ? Promise.resolve({ draft_version: 1 }) : new Promise((done, fail) => calls.push({ path, body, done, fail }))),
  };
  const store = { get: () => ({ sentences: { refused_outputs: { sentence: "Not accepted.", advice: "Try again." } }, user: { time_zone: "UTC" } }) };
  const place = (actions) => ({ conversation: "c", turn: { id: "t", state: "waiting", actions, ...turn }, page: { commands, store }, took: (now) => took.push(now) });
  const element = new ActionCard();
  for (const name of ["stop-turn", "ask-again"]) element.addEventListener(name, (event) => events.push([name, event.detail]));
  document.body.append(element);
  element.show(action, place([action]));
  return { element, calls, gets, took, events, again: (changes, others = []) => element.show({ ...action, ...changes }, place([{ ...action, ...changes }, ...others])) };
}

describe("a tool call", () => {
  it("is a group that says what it is and how it stands, and takes any words", async () => {
    const { element, calls } = shown(toolCall);
    assert.deepEqual([element.getAttribute("role"), element.dataset.state, element.tabIndex], ["group", "pending", 0]);
    assert.match(element.getAttribute("aria-label"), /^Tool call: get_rain_probability/);
    assert.match(one(element, ".arguments").textContent, /locationUlm/);
    const outputs = [...element.querySelectorAll("textarea, input")].filter((each) => seen(each) && each.type !== "file");
    assert.equal(outputs.length, 1);
    assert.equal(one(element, `label[for=${outputs[0].id}]`).textContent, "Output");
    type(outputs[0], "{broken, but mine");
    assert.match(one(element, ".json__hint").textContent, /it is sent as plain text/);
    button(element, "Submit").click();
    assert.deepEqual(calls[0].body, { outputs: { [toolCall.id]: "{broken, but mine" } });
    assert.equal(calls[0].path, "/c/c/turns/t/answer/");
  });

  it("shows hostile names and arguments as the text they are", () => {
    const { element } = shown({ ...toolCall, name: "<img src=x>", arguments: '{"<b>":"<script>x</script>"}' });
    assert.deepEqual([element.querySelectorAll("img, script, b").length, /<script>x<\/script>/.test(element.textContent)], [0, true]);
    assert.match(shown({ ...toolCall, arguments: '{"a": tru' }).element.textContent, /\{"a": tru/);
  });

  it("trap 5: can be submitted the moment its values are right", async () => {
    const schema = { type: "object", properties: { probability: { type: "number", default: 80 } }, required: ["probability"] };
    const { element, calls } = shown({ ...toolCall, tool: { ...objects.tool_call.tool, schema } });
    assert.equal(button(element, "Submit").disabled, false);
    submit(element);
    assert.deepEqual(calls[0].body.outputs, { [toolCall.id]: '{"probability":80}' });
  });

  it("is held back by its schema with a reason at the field, and keeps its values in form and JSON alike", async () => {
    const schema = { type: "object", properties: { rain: { type: "number", maximum: 100 } }, required: ["rain"] };
    const { element, calls } = shown({ ...toolCall, tool: { ...objects.tool_call.tool, schema } });
    await import("../../static/vendor/json-schema.js");
    await settle();
    type(one(element, "field-form input"), "120");
    submit(element);
    assert.deepEqual([calls.length, one(element, "field-form .entry__message:not([hidden])").textContent], [0, "At most 100."]);
    type(one(element, "field-form input"), "80");
    button(element, "JSON").click();
    assert.deepEqual(JSON.parse(one(element, ".json__text").value), { rain: 80 });
    type(one(element, ".json__text"), '{"rain": 70, "more": 1');
    button(element, "Form").click();
    assert.match(one(element, ".output > .entry__message").textContent, /valid JSON object/);
    submit(element);
    assert.match(one(element, ".json__hint").textContent, /not valid JSON yet/);
    type(one(element, ".json__text"), '{"rain": 70, "more": 1}');
    button(element, "Form").click();
    assert.equal(one(element, "field-form input").value, "70");
    submit(element);
    assert.deepEqual(JSON.parse(calls[0].body.outputs[toolCall.id]), { more: 1, rain: 70 });
  });

  it("that is only approved has no field; `a` and `d` do it, and it can be allowed for good", async () => {
    const tool = { ...objects.tool_call.tool, mode: "approve", schema: null, may_allow: true };
    const { element, calls } = shown({ ...toolCall, tool });
    assert.equal(seen(one(element, "textarea")), false);
    one(element, ".action__allow input").checked = true;
    element.focus();
    key(element, "a");
    key(element, "a");
    assert.deepEqual(calls.map((call) => call.body), [{ outputs: { [toolCall.id]: "" }, allow: [toolCall.id] }]);
    const other = shown({ ...toolCall, tool }).element;
    key(other, "d");
    assert.equal(document.activeElement, one(other, "card-decline textarea"));
  });

  it("is declined with a reason, or the run is stopped: two buttons", () => {
    const { element, calls, events } = shown(toolCall);
    button(element, "Decline…").click();
    type(one(element, "card-decline textarea"), " no gauge here ");
    button(element, "Decline").click();
    assert.deepEqual(calls[0].body, { declined: { [toolCall.id]: "no gauge here" } });
    button(element, "Stop the run").click();
    assert.deepEqual(events, [["stop-turn", { turn: "t" }]]);
  });

  it("asks the browser once where somebody is, and shows what will be sent", (t) => {
    const asks = [];
    const { navigator } = globalThis;
    Object.defineProperty(globalThis, "navigator", { value: { geolocation: { getCurrentPosition: (found) => asks.push(found) } }, configurable: true });
    t.after(() => Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true }));
    const { element, calls } = shown({ ...toolCall, needs: ["coordinates"] });
    const find = button(element, "Use my location");
    find.click();
    find.click();
    assert.equal(asks.length, 1);
    asks[0]({ coords: { latitude: 48.856613, longitude: 2.352222 } });
    assert.match(one(element, ".place__sent").textContent, /"longitude":"2.35","latitude":"48.86"/);
    one(element, "input[value=area]").click();
    submit(element);
    assert.equal(calls[0].body.outputs[toolCall.id], '{"coordinates":{"longitude":"2.4","latitude":"48.9"}}');
  });
});

describe("a question", () => {
  it("trap 4: an option pressed twice, or its number, is sent once and stays to be seen", () => {
    const { element, calls } = shown(options);
    const [ulm, bonn] = element.querySelectorAll(".option");
    bonn.click();
    bonn.click();
    ulm.click();
    key(element, "1");
    assert.deepEqual(calls.map((call) => call.body.outputs), [{ [asked.id]: "Bonn" }]);
    assert.deepEqual([bonn.getAttribute("aria-pressed"), ulm.getAttribute("aria-pressed"), element.dataset.look], ["true", "false", "submitting"]);
  });

  it("takes a number key while the card has the focus, and not while a field has", () => {
    const { element, calls } = shown(options);
    key(one(element, ".answer__text"), "1");
    assert.equal(calls.length, 0);
    key(element, "2");
    assert.deepEqual(calls[0].body.outputs, { [asked.id]: "Bonn" });
    assert.ok(button(shown(options).element, "Ulm"), "the option's text is the button's name");
  });

  it("takes words of one's own, and asks for them when there are none", () => {
    const { element, calls } = shown(options);
    submit(element);
    assert.deepEqual([calls.length, one(element, ".answer .entry__message").textContent], [0, "Choose one, or write something else."]);
    type(one(element, ".answer__text"), "Graz");
    submit(element);
    assert.deepEqual(calls[0].body.outputs, { [asked.id]: "Graz" });
  });

  it("trap 9: Enter that ends a composition sends nothing", () => {
    const { element, calls } = shown(words);
    type(one(element, ".answer__text"), "上海");
    key(one(element, ".answer__text"), "Enter", { keyCode: 229 });
    submit(element);
    assert.equal(calls.length, 0);
    one(element, ".answer__text").dispatchEvent(new window.KeyboardEvent("keyup", { key: "Enter", bubbles: true }));
    submit(element);
    assert.equal(calls.length, 1);
  });

  it("with fields sends them as one typed object", () => {
    const fields = { days: { type: "integer", required: true, description: "", default: "3", schema: null }, when: { type: "string", required: false, description: "", default: null, schema: null } };
    const { element, calls } = shown({ ...asked, question: { text: "", options: [], fields, link: "" } });
    submit(element);
    assert.deepEqual(JSON.parse(calls[0].body.outputs[asked.id]), { days: 3 });
  });

  it("says what did not fit, and asks once more before the last attempt", (t) => {
    t.mock.timers.enable({ apis: ["Date"] });
    const { element, calls } = shown({ ...words, attempt: { number: 3, of: 3, before: "somewhere" } });
    assert.match(element.textContent, /Attempt 3 of 3 “somewhere” did not fit\./);
    type(one(element, ".answer__text"), "Ulm");
    const now = t.mock.method(performance, "now", () => 1_000);
    submit(element);
    submit(element);
    assert.deepEqual([calls.length, seen(one(element, ".action__confirm"))], [0, true]);
    now.mock.mockImplementation(() => 2_000);
    submit(element);
    assert.equal(calls.length, 1);
  });

  it("that wants a sign-in names the real host and sends nothing but the fact", () => {
    const { element, calls } = shown({ ...words, question: { ...words.question, link: "https://accounts.example.com/go" } });
    const link = one(element, "a");
    assert.deepEqual([link.textContent, link.target, link.rel], ["Sign in at accounts.example.com", "_blank", "noopener noreferrer"]);
    button(element, "I have signed in").click();
    assert.deepEqual(calls[0].body.outputs, { [asked.id]: "" });
    assert.equal(shown({ ...words, question: { ...words.question, link: "javascript:alert(1)" } }).element.querySelector("a"), null);
  });
});

describe("sending", () => {
  it("keeps everything when the network fails, and sends the very same again", async () => {
    const { element, calls } = shown(options);
    element.querySelectorAll(".option")[1].click();
    calls[0].fail(failure("network", "The site cannot be reached."));
    await settle();
    assert.match(one(element, "card-refusal").textContent, /cannot be reached/);
    button(element, "Send again").click();
    assert.deepEqual(calls[1].body, calls[0].body);
  });

  it("keeps what was entered when the site refuses it, and lets one try again", async () => {
    const { element, calls } = shown(toolCall);
    type(one(element, "textarea"), "80 %");
    submit(element);
    submit(element);
    calls[0].fail(failure("wrong_values", "This does not fit."));
    await settle();
    assert.deepEqual([calls.length, one(element, ".fault__sentence").textContent, one(element, "textarea").value, one(element, "fieldset").disabled], [1, "This does not fit.", "80 %", false]);
  });

  it("says why it did not work until something changes, not until its own draft comes back", async () => {
    const { element, calls, again } = shown(words);
    type(one(element, ".answer__text"), "Ulm");
    submit(element);
    calls[0].fail(failure("wrong_values", "This does not fit."));
    await settle();
    again({ draft: { tab: "other", text: "Ulm" }, draft_version: 5 });
    assert.equal(one(element, "card-refusal").hidden, false);
    submit(element);
    assert.equal(one(element, "card-refusal").hidden, true);
  });

  it("learns what is so now when the bot no longer waits", async () => {
    const { element, calls, gets, took } = shown(words);
    type(one(element, ".answer__text"), "Ulm");
    submit(element);
    calls[0].fail(failure("not_waiting"));
    await settle();
    assert.deepEqual([gets, took], [["/c/c/"], [{ id: "t", taken: true }]]);
  });
});

describe("a card that was answered", () => {
  it("trap 1: stays answered, whatever is replayed, and folds to one line that tells who and when", () => {
    const { element, again } = shown(options);
    again(answered);
    assert.deepEqual([seen(one(element, "form")), element.dataset.state, element.tabIndex], [false, "answered", -1]);
    assert.match(one(element, "summary").textContent, /Where to\?UlmAnn, on Firefox · Android/);
    assert.match(one(element, ".record__body").textContent, /AskedWhere to\?AnsweredUlmByAnn, on Firefox · AndroidWhenJan 2, 2026/);
    assert.match(one(element, "p[role=status]").textContent, /Ann, on Firefox/);
    key(element, "1");
    assert.equal(button(element, "Submit"), undefined);
  });

  it("by a rule says so, and one that was declined says why", () => {
    assert.match(shown({ ...toolCall, ...answered, decision: "auto", answered_by: "" }).element.textContent, /Answered by a rule/);
    assert.match(shown({ ...toolCall, ...answered, state: "declined", decision: "declined", reason: "no gauge" }).element.textContent, /declined: no gauge/);
  });

  it("waits for the others of its round, and can be changed until then", async () => {
    const other = { ...toolCall, id: "other", ordinal: 1 };
    const { element, again, calls } = shown(toolCall);
    again({ ...answered, state: "ready", output: "80 %" }, [other]);
    assert.match(element.textContent, /1 of 2 ready/);
    assert.match(one(element, ".action__saved").textContent, /80 %/);
    button(element, "Change").click();
    assert.equal(calls[0].path, `/c/c/actions/${toolCall.id}/change/`);
    again({ ...answered, state: "ready", output: "80 %" }, [{ ...other, state: "ready" }]);
    assert.equal(button(element, "Change"), undefined);
  });

  it("and refused shows why, with code and log id, and everything as it was entered", () => {
    const { element, again } = shown(toolCall);
    type(one(element, "textarea"), "80 %");
    again({ ...answered, state: "submitting" });
    assert.deepEqual([element.dataset.look, one(element, "textarea").value], ["submitting", "80 %"]);
    again({ ...answered, state: "ready", refusal });
    assert.equal(element.dataset.look, "refused");
    assert.match(one(element, "card-refusal").textContent, /Not accepted\.Try again\.code 4000 · too short · log id 20260102/);
    assert.deepEqual([one(element, "textarea").value, one(element, "fieldset").disabled, Boolean(button(element, "Submit")), Boolean(button(element, "Copy"))], ["80 %", false, true, true]);
  });
});

describe("a card that nobody answered", () => {
  for (const state of ["expired", "canceled", "superseded"]) {
    it(`and is ${state} stays readable, keeps what was typed and can be asked again`, () => {
      const { element, events, again } = shown(options, { state: "failed" });
      type(one(element, ".answer__text"), "half an ans");
      again({ state });
      assert.match(element.textContent, /Where to\?/);
      assert.deepEqual([one(element, "fieldset").disabled, one(element, ".answer__text").value], [true, "half an ans"]);
      assert.ok(button(element, "Copy my answers"));
      button(element, "Ask again").click();
      assert.deepEqual([events, button(element, "Submit")], [[["ask-again", { turn: "t" }]], undefined]);
    });
  }
});

describe("what is typed on a card", () => {
  it("trap 3: outlives redraws and typing in another tab", async () => {
    const { element, again } = shown(words);
    type(one(element, ".answer__text"), "mine");
    again({ draft: { tab: "other", text: "theirs" }, draft_version: 2 });
    assert.equal(one(element, ".answer__text").value, "mine");
  });

  it("comes from the draft, and follows another tab while nobody types here", () => {
    const { element, again } = shown({ ...words, draft: { tab: "other", text: "half" }, draft_version: 1 });
    assert.equal(one(element, ".answer__text").value, "half");
    again({ draft: { tab: "other", text: "half an answer" }, draft_version: 2 });
    assert.equal(one(element, ".answer__text").value, "half an answer");
    again({ draft: { tab: "other", text: "older" }, draft_version: 1 });
    assert.equal(one(element, ".answer__text").value, "half an answer");
  });

  it("is not touched under somebody's hands, but once the field is left", (t) => {
    t.mock.method(document, "hasFocus", () => true);
    const { element, again } = shown({ ...words, draft: { tab: "other", text: "half" }, draft_version: 1 });
    const field = one(element, ".answer__text");
    field.focus();
    again({ draft: { tab: "other", text: "half an answer" }, draft_version: 2 });
    assert.equal(field.value, "half");
    field.blur();
    assert.equal(field.value, "half an answer");
  });
});

describe("the cards of a turn", () => {
  const message = (ordinal, text) => ({ ...objects.message, id: `m${ordinal}`, ordinal, text });
  const waiting = (changes) => ({ ...objects.turn_waiting, ...changes });

  function turnOf(turn) {
    const element = new ChatTurn();
    const store = createStore(stateFromPage(pageState(), 0));
    element.page = { store, commands: { get: async () => ({}), post: async () => ({}) }, retry: () => {}, drop: () => {} };
    document.body.append(element);
    const show = (now) => element.show(now, { sentences: {}, botName: "Echo", isLast: true, isSilent: false, now: 0 });
    show(turn);
    const order = () => [...element.children].map((child) => child.querySelector("article")?.dataset.message ?? child.dataset.state).filter(Boolean);
    return { element, show, order };
  }

  it("trap 11: each stands behind the messages before it, also when more come", () => {
    const first = { ...toolCall, after: 2 };
    const { show, order } = turnOf(waiting({ messages: [message(1, "a"), message(2, "b")], actions: [first] }));
    assert.deepEqual(order(), ["m1", "m2", "pending"]);
    show(waiting({ state: "running", messages: [message(1, "a"), message(2, "b"), message(4, "c")], actions: [{ ...first, ...answered }] }));
    assert.deepEqual(order(), ["m1", "m2", "answered", "m4"]);
  });

  it("trap 2: a second interrupt shows, as the next step, behind the answer in between", () => {
    const first = { ...toolCall, ...answered, after: 0 };
    const second = { ...words, id: "second", round: 2, after: 3 };
    const { element, show, order } = turnOf(waiting({ actions: [{ ...toolCall, after: 0 }] }));
    show(waiting({ messages: [message(3, "so far")], actions: [first, second] }));
    assert.deepEqual(order(), ["answered", "m3", "pending"]);
    assert.match(element.textContent, /Step 2/);
  });

  it("do not say again what the message before them said", () => {
    const { element, show } = turnOf(waiting({ messages: [message(1, "Where to?")], actions: [{ ...words, after: 1 }] }));
    assert.equal(one(element, "action-card").hasAttribute("data-said"), true);
    show(waiting({ messages: [message(1, "Well.")], actions: [{ ...words, after: 1 }] }));
    assert.equal(one(element, "action-card").hasAttribute("data-said"), false);
  });

  it("take the focus when they come, unless somebody is writing, and no key meant for the composer answers them", () => {
    document.activeElement?.blur?.();
    const { element, show } = turnOf(waiting({ state: "running", actions: [] }));
    show(waiting({ actions: [options] }));
    const card = one(element, "action-card");
    assert.equal(document.activeElement, card);
    const composer = document.createElement("chat-composer");
    composer.innerHTML = "<textarea></textarea>";
    document.body.append(composer);
    key(card, "1");
    assert.deepEqual([card.dataset.look, document.activeElement], ["pending", composer.firstElementChild]);
    const field = document.createElement("input");
    document.body.append(field);
    field.focus();
    show(waiting({ actions: [{ ...options, ...answered }, { ...words, id: "next", round: 2 }] }));
    assert.equal(document.activeElement, field);
  });

  it("take over a draft frame of the store", () => {
    const [action] = objects.turn_waiting.actions;
    const store = createStore(stateFromPage(pageState({ conversation: objects.conversation, turns: [objects.turn_waiting] }), 0));
    const frame = { type: "draft", conversation: objects.conversation.id, turn: objects.turn_waiting.id, action: action.id, draft: { text: "x" }, draft_version: 3, tab: "other" };
    store.dispatch(frame);
    const [turn] = store.get().turns;
    assert.deepEqual([turn.actions[0].draft, turn.actions[0].draft_version, turn.version, turn.actions[1]], [{ text: "x" }, 3, objects.turn_waiting.version, objects.turn_waiting.actions[1]]);
    const before = store.get();
    store.dispatch({ ...frame, draft_version: 2 });
    store.dispatch({ ...frame, action: "unknown", draft_version: 9 });
    assert.equal(store.get(), before);
  });
});
