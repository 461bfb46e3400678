"""Code, formulas and diagrams in answers: drawn when they are finished, harmless, and still text."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

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
