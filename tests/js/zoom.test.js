/** What one sees of an enlarged picture. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { kept, moved, WHOLE, zoomed } from "../../static/js/lib/zoom.js";

it("the point under the pointer stays where it is", () => {
  const sight = zoomed(WHOLE, 2, { x: 100, y: -50 });
  assert.deepEqual(sight, { scale: 2, x: -100, y: 50 });
  assert.deepEqual(zoomed(sight, 0.5, { x: 100, y: -50 }), WHOLE);
});

it("a picture is never smaller than it fits, nor larger than it helps", () => {
  assert.equal(zoomed(WHOLE, 0.1).scale, 1);
  assert.equal(zoomed(WHOLE, 1000).scale, 8);
});

it("what fits stays in the middle, and of the rest nothing is lost from view", () => {
  const [picture, frame] = [{ width: 400, height: 100 }, { width: 500, height: 500 }];
  assert.deepEqual(kept(moved(WHOLE, 300, 300), picture, frame), WHOLE);
  assert.deepEqual(kept(moved(zoomed(WHOLE, 2), 999, -999), picture, frame), { scale: 2, x: 150, y: 0 });
});
