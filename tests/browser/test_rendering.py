"""Code, formulas and diagrams in answers: drawn when they are finished, harmless, and still text."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Complaints

CODE = """```html
<p class="x">&amp;</p><script>window.pwned = 1</script><img src=x onerror="window.pwned = 2">
```

```python
def area(radius: float) -> float:
    return 3.14 * radius ** 2  # <img src=x onerror="window.pwned = 3">
```

```no-such-language"><img/src/onerror=window.pwned=4>
plain
```

```constructor
plain
```

The end of it."""


def test_code_has_colours_and_is_copied_as_it_was(chat: ChatPage) -> None:
    chat.begin("Echo", CODE)
    chat.expect_state("completed")
    python = chat.answers.locator("code.language-python")
    keyword = python.locator("span", has_text=re.compile("^def$"))
    expect(keyword).to_be_visible()
    plain = python.evaluate("element => getComputedStyle(element).color")
    assert keyword.evaluate("element => getComputedStyle(element).color") != plain
    assert python.text_content() == CODE.split("```python\n")[1].split("```")[0]
    expect(chat.answers.locator("code.language-html span").first).to_be_visible()
    expect(chat.answers.locator("code.language-constructor span")).to_have_count(0)
    expect(chat.answers.locator("img, script")).to_have_count(0)
    assert chat.page.evaluate("window.pwned") is None
    assert [re.sub(r".*/", "", worker.url).split(".")[0] for worker in chat.page.workers] == ["colour-worker"]
    assert re.search(r"\.[0-9a-f]{12}\.js$", chat.page.workers[0].url)


FORMULAS = r"""Rain: 50$\%$。 Euler: $e^{i\pi} + 1 = 0$, from $5 to $6.

\[
\begin{aligned}
a &= \frac{b}{c} \\
- d &= \fcolorbox{red}{aqua}{$e$}
\end{aligned}
\]

Bad: $\frac{1$ and $\nosuch{x}$

$\href{javascript:window.pwned=1}{click}$ $\includegraphics{https://evil.example/x.png}$
$\htmlClass{shell}{x}$
$\rule{900em}{900em}\hspace{-900em}\text{<img src=x onerror="window.pwned=2">}$

The end of it."""

FONTS = "document.fonts.ready.then(fonts => [...fonts].some(font => font.status === 'loaded'))"


def test_formulas_are_drawn_and_bad_ones_stay_as_they_were_written(chat: ChatPage) -> None:
    chat.begin("Echo", FORMULAS)
    chat.expect_state("completed")
    drawn = chat.answers.locator(".maths .katex")
    expect(drawn).to_have_count(4)
    expect(chat.answers.locator("math mfrac").first).to_be_attached()
    for source in (r"$\frac{1$", r"$\nosuch{x}$", r"$\htmlClass{shell}{x}$", "from $5 to $6."):
        expect(chat.answers).to_contain_text(source)
    expect(chat.answers.locator(".katex-error, img, a")).to_have_count(0)
    # Fonts and all come from here (`complaints` listens), and nothing covers the rest of the page.
    assert chat.page.evaluate(
        "document.fonts.ready.then(fonts => [...fonts].some(f => f.status === 'loaded'))"
    )
    chat.message.click()  # Playwright refuses when something else would get it
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.page.evaluate("window.pwned") is None


DIAGRAMS = """```mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "@import url(https://evil.example/a.css)"}}%%
flowchart LR
  A["<img src=x onerror='parent.pwned=1;window.pwned=1'>"] --> B["<b>two</b><script>window.pwned=2</script>"]
  A --> C[three]
  click A "javascript:window.pwned=3" "tip"
  click B call alert("pwned")
  click C href "https://evil.example/" _top
```

```mermaid
flowchart LR
  this is --> [broken
```

The end of it."""


def test_diagrams_are_drawn_where_they_can_reach_nothing(chat: ChatPage, complaints: Complaints) -> None:
    complaints.forgive("violates the following Content Security Policy directive")  # the frame's: it works
    chat.begin("Echo", DIAGRAMS)
    chat.expect_state("completed")
    drawing = chat.answers.frame_locator("iframe[title=Diagram]").first
    expect(drawing.get_by_text("three")).to_be_visible()
    drawing.get_by_text("three").click(force=True)
    frame = chat.page.frames[1]
    assert frame.evaluate("origin") == "null"
    assert (
        frame.evaluate("[...document.querySelectorAll('[href], [onerror], script:not([src])')].length") == 0
    )
    for one in (frame, chat.page):
        assert one.evaluate("window.pwned") is None
    assert re.search(r"/c/[0-9a-f-]{36}/$", chat.page.url)
    source = chat.answers.get_by_text("click B call alert")
    expect(source).to_be_hidden()
    chat.answers.get_by_role("button", name="Source").click()
    expect(source).to_be_visible()
    expect(chat.answers).to_contain_text("This diagram cannot be drawn.")
    expect(chat.answers.get_by_text("[broken")).to_be_visible()
    expect(chat.answers.locator("iframe")).to_have_count(1)
