"""What people read when something went wrong: one plain sentence, and what to do now (M-010).

The upstream's code, message and log id stay on the turn for operators; `reason_of` picks the sentence.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Sentence(NamedTuple):
    """`button` names what the page offers: again, fresh, or "" for nothing."""

    sentence: Text
    advice: Text
    button: str = "again"


SENTENCES: dict[str, Sentence] = {
    "unreachable": Sentence(
        _("The bot's service cannot be reached."), _("Nothing was sent. Try again in a moment.")
    ),
    "unusable": Sentence(_("The bot's service gave an unusable answer."), _("Try again in a moment.")),
    "rate_limit": Sentence(_("Too many questions at once."), _("Wait a little, then send it again.")),
    "quota_today": Sentence(_("Today's use of this bot is spent."), _("Send it again tomorrow.")),
    "quota": Sentence(
        _("The site's account at the bot's service has no credit left."),
        _("An administrator has to top it up."),
        "",
    ),
    "too_long": Sentence(
        _("The question and what came before it are too long for this bot."),
        _("Clear the context or shorten the question."),
    ),
    "quota_reached": Sentence(
        _("Your quota for this bot is used up."), _("What you typed is kept. Send it again when it resets.")
    ),
    "refused": Sentence(_("The bot may not answer this question."), _("Try to ask it in another way."), ""),
    "not_operator": Sentence(
        _("Only operators may read the console."), _("Ask an administrator of this site for the role."), ""
    ),
    "no_look": Sentence(
        _("This conversation is not open to you any more."), _("Reload the page to open it again."), ""
    ),
    "not_yours": Sentence(
        _("A colleague has this item now, or it is done already."),
        _("What you wrote about the answer is kept. Take the next one."),
        "",
    ),
    "bot_missing": Sentence(
        _("This bot is no longer there."), _("Choose another bot, or ask an administrator."), ""
    ),
    "bot_unpublished": Sentence(
        _("This bot is not published for use outside Coze."), _("An administrator has to publish it."), ""
    ),
    "conversation_missing": Sentence(
        _("The bot's service no longer has this conversation."),
        _("Go on in a fresh one; the bot starts anew."),
        "fresh",
    ),
    "busy": Sentence(
        _("Another device is talking to this bot in the same conversation."),
        _("Your question is sent as soon as it is free."),
        "fresh",
    ),
    "token": Sentence(
        _("The site is not allowed to talk to this bot right now."),
        _("An administrator has to check the connection's access token."),
    ),
    "no_grant": Sentence(_("You may no longer use this bot."), _("Ask an administrator for access."), ""),
    "bad_request": Sentence(
        _("The bot's service refused the question."), _("Change it and send it again."), "again"
    ),
    "asks_unseen": Sentence(
        _("This workflow asks something, and its service takes no answer to a run in the background."),
        _("An administrator has to switch off “runs in the background” for it."),
    ),
    "failed": Sentence(_("The bot could not finish its answer."), _("Send the question again.")),
    "lost": Sentence(
        _("The connection to the bot broke before it took the question."), _("Send the question again.")
    ),
    "internal": Sentence(_("Something went wrong on our side."), _("Send the question again.")),
    "refused_outputs": Sentence(
        _("The bot did not accept the answer."), _("What you entered is kept. Try again or stop.")
    ),
    # Refused commands: the page shows these where the person was typing.
    "expired": Sentence(
        _("Nobody answered the bot in time."), _("Ask again; what you entered can be copied."), "again"
    ),
    "empty": Sentence(_("Write a question first."), "", ""),
    "too_large": Sentence(_("This is longer than the site accepts."), _("Shorten it a little."), ""),
    "not_queued": Sentence(_("This question is no longer waiting."), "", ""),
    "not_last": Sentence(_("Only the newest answer can be regenerated."), "", ""),
    "not_waiting": Sentence(_("The bot no longer waits for this."), "", ""),
    "not_over": Sentence(_("The bot is still answering."), _("Rate the answer when it is all there."), ""),
    "wrong_values": Sentence(
        _("Something is missing, or of another kind than it should be."), _("Look at the marked fields."), ""
    ),
    "shortcut_gone": Sentence(
        _("The bot no longer has this shortcut command."), _("Reload the page to see which it has."), ""
    ),
    "empty_file": Sentence(_("This file is empty."), "", ""),
    "not_uploaded": Sentence(
        _("The bot's service did not take the file."), _("Try again, or choose another one."), ""
    ),
    "file_type": Sentence(_("The bot's service takes no files of this type."), _("Choose another one."), ""),
    "file_kind": Sentence(_("This bot takes no files of this kind."), _("Choose another one."), ""),
    "no_files": Sentence(_("This bot takes no files."), "", ""),
    "too_many_files": Sentence(_("These are more files than go with one question."), _("Remove some."), ""),
    "file_expired": Sentence(
        _("A file has expired at the bot's service."), _("Upload it again, or leave it out."), ""
    ),
    "no_copy": Sentence(_("The site keeps no copy of this file."), _("Attach it anew from your device."), ""),
    "last_admin": Sentence(
        _("You are the only administrator of this site."), _("Make somebody else one first."), ""
    ),
    "only_looking": Sentence(
        _("You see the site as somebody else: nothing is sent."), _("What you typed stays here."), ""
    ),
    "not_while_viewing": Sentence(
        _("This is closed while you see the site as somebody else."), _("End that first."), ""
    ),
    "too_often": Sentence(
        _("That was too often."), _("Nothing was done, and what you typed is kept. Wait a little."), "again"
    ),
    "not_found": Sentence(_("This is not there, or not yours."), "", ""),
    "signed_out": Sentence(_("You are signed out."), _("Sign in again; what you typed is kept."), "sign_in"),
    "network": Sentence(_("The site cannot be reached."), _("What you typed is kept. Try again."), "again"),
    "malformed": Sentence(_("The site did not understand this."), _("Reload the page."), ""),
}

# Coze's codes (wire-chat 1.3, wire-supplement 3.1). Unknown codes say "failed" with code and log id.
REASON_OF_CODE: dict[str, str] = {
    "4000": "bad_request",
    "4001": "failed",
    "4002": "conversation_missing",
    "4003": "bad_request",
    "4004": "bad_request",
    "4005": "bad_request",
    "4006": "bot_missing",
    "4008": "quota_today",
    "4009": "rate_limit",
    "4010": "too_long",
    "4011": "quota",
    "4012": "bot_unpublished",
    "4013": "rate_limit",
    "4014": "refused",
    "4015": "bot_unpublished",
    "4016": "busy",
    "4019": "quota",
    "4020": "rate_limit",
    "4022": "quota",
    "4027": "quota",
    "4028": "quota",
    "4100": "token",
    "4101": "token",
    "4102": "refused",
    "4105": "refused",
    "4200": "bot_missing",
    "6039": "asks_unseen",
    "700012006": "token",
    "788788103": "quota",
    "103000001": "token",
    "103000002": "conversation_missing",
    "103100002": "bot_missing",
    # Assistants-style services (upstreams/assistants_answers.py).
    "thread_locked": "busy",
    "thread_not_found": "conversation_missing",
    "assistant_not_found": "bot_missing",
    "invalid_api_key": "token",
    "forbidden": "token",
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "rate_limit_exceeded": "rate_limit",
    "context_length_exceeded": "too_long",
    "invalid_prompt": "refused",
    "invalid_request_error": "bad_request",
}


def reason_of(code: int | str | None, *, is_error: bool = False) -> str:
    """The key in SENTENCES for an upstream's code; `is_error` tells an unusable answer without a code."""
    if code is None or code == "":
        return "unusable" if is_error else "failed"
    return REASON_OF_CODE.get(str(code), "failed")


def as_json() -> dict[str, dict[str, str]]:
    """Every sentence in the active language, for the page state."""
    return {
        reason: {"sentence": str(s.sentence), "advice": str(s.advice), "button": s.button}
        for reason, s in SENTENCES.items()
    }
