/** Scrolling while an answer streams (M-016): the decisions. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AT_END, afterScroll, afterWrite, showsNewest, spacerHeight } from "../../static/js/lib/scroll.js";

const most = 1000;
const at = (top, from) => afterScroll(from, { top, most });
const following = afterWrite(AT_END, most);

describe("following", () => {
  it("goes on when the log itself has written", () => {
    assert.equal(at(most, following), following);
    assert.equal(at(most - 200, afterWrite(AT_END, most - 200)).isPinned, true);
  });
  it("ends when the reader moves up by 3 px, not by 2", () => {
    assert.equal(at(most - 2, following).isPinned, true);
    assert.equal(at(most - 3, following).isPinned, false);
  });
  it("ends when small steps add up, though the log writes between them", () => {
    let scroll = at(most - 2, following);
    scroll = at(most, afterWrite(scroll, most));
    assert.equal(at(most - 2, scroll).isPinned, false);
  });
  it("does not begin again by itself: not by a pixel, not near the end", () => {
    const reading = at(most - 10, following);
    assert.equal(at(most - 10, reading).isPinned, false);
    assert.equal(at(most - 12, reading).isPinned, false);
  });
  it("begins again when the reader comes down to the end", () => {
    const reading = at(most - 500, following);
    assert.equal(at(most - 300, reading).isPinned, false);
    assert.equal(at(most - 30, reading).isPinned, true);
    assert.equal(at(most, reading).isPinned, true);
  });
  it("survives content that shrinks, which moves the scroller up without the reader", () => {
    assert.equal(afterScroll(following, { top: 700, most: 700 }).isPinned, true);
  });
});

describe("free space", () => {
  it("lets a new question stand near the top, and shrinks as the answer grows, one for one", () => {
    const sizes = { viewport: 800, questionTop: 5000, contentEnd: 5100 };
    const first = spacerHeight(sizes);
    assert.equal(first, 800 - 24 - 100);
    assert.equal(spacerHeight({ ...sizes, contentEnd: 5350 }), first - 250);
  });
  it("is never negative", () => {
    assert.equal(spacerHeight({ viewport: 800, questionTop: 0, contentEnd: 4000 }), 0);
  });
});

describe("the button to the newest", () => {
  it("shows when the end is far and not followed", () => {
    const reading = at(most - 500, following);
    assert.equal(showsNewest(reading, { top: most - 500, most }), true);
    assert.equal(showsNewest(reading, { top: most - 50, most }), false);
    assert.equal(showsNewest(following, { top: most - 500, most }), false);
  });
});
