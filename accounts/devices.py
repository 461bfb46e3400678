"""A browser and its system in few words, from what a browser says of itself. Pure."""

from __future__ import annotations

# As people would name them; the first that fits counts, because each pretends to be those below.
BROWSERS = {
    "MicroMessenger": "WeChat",
    "EdgA": "Edge",
    "EdgiOS": "Edge",
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device_of(agent: str) -> str:
    """“Firefox · Android” from a User-Agent, "" when it names neither. No punctuation of a language in it."""
    browser = next((name for token, name in BROWSERS.items() if f"{token}/" in agent), "")
    system = next((name for token, name in SYSTEMS.items() if token in agent), "")
    return " · ".join(name for name in (browser, system) if name)
