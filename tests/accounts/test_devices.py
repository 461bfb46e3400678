"""What a browser says of itself, in the words of people."""

import pytest

from accounts.devices import device_of

LIKE_GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {LIKE_GECKO} Chrome/130.0 Safari/537.36",
            "Chrome · Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {LIKE_GECKO} Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14) {LIKE_GECKO} Chrome/116 MicroMessenger/8.0.47",
            "WeChat · Android",
        ),
        (
            f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {LIKE_GECKO} Chrome/114.0 ArkWeb/4.1",
            "Chrome · HarmonyOS",
        ),
        ("curl/8.9", ""),
        ("", ""),
    ],
)
def test_a_browser_and_its_system(agent, device):
    assert device_of(agent) == device
