import assert from "node:assert/strict";
import { test } from "node:test";

import "./browser.js";
import { Marked } from "../../static/vendor/marked.js";
import { besideCjk } from "../../static/js/lib/emphasis.js";

const marked = new Marked();
marked.use(besideCjk);

for (const [source, html] of [
  ["**简短的回答：**这个问题", "<strong>简短的回答：</strong>这个问题"],
  ["这是**“引用”**的话", "这是<strong>“引用”</strong>的话"],
  ["请看**《红楼梦》**，很好", "请看<strong>《红楼梦》</strong>，很好"],
  ["*注意！*这里", "<em>注意！</em>这里"],
  ["**价格（含税）**是 5 元", "<strong>价格（含税）</strong>是 5 元"],
  ["**한국어(Korean)**은 어렵다", "<strong>한국어(Korean)</strong>은 어렵다"],
  ["***很重要：***看", "<em><strong>很重要：</strong></em>看"],
  ["plain **bold:** text", "plain <strong>bold:</strong> text"],
  ["2 * 3 * 4 = 24，对吗", "2 * 3 * 4 = 24，对吗"],
  ["**没有结束：这个", "**没有结束：这个"],
]) {
  test(`emphasis: ${source}`, () => assert.equal(marked.parseInline(source), html));
}
