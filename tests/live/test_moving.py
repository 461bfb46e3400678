"""A conversation becomes somebody else's while both have a tab open (M-090)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.leaving import new_person, post_form
from tests.live.upstream import rows
from tests.visitor import Visitor

SECONDS = 20


class RawTab:
    """A socket and every frame that came, as it was said."""

    def __init__(self, visitor: Visitor, socket: ClientConnection) -> None:
        self.visitor = visitor
        self.socket = socket
        self.raw: list[str] = []

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first frame from now on that is it. TimeoutError after a silence."""
        while True:
            self.raw.append(str(self.socket.recv(timeout=SECONDS)))
            if is_it(frame := json.loads(self.raw[-1])):
                return dict(frame)

    def until_type(self, name: str) -> dict[str, Any]:
        return self.until(lambda frame: frame["type"] == name)

    def follow(self, conversation: str) -> None:
        body = {"type": "follow", "conversation": conversation, "version": 0, "position": None}
        self.socket.send(json.dumps(body))


def tab_of(visitor: Visitor) -> ClientConnection:
    url = visitor.url.replace("http", "ws", 1) + "/ws/"
    headers = {"Cookie": visitor.cookie}
    return connect(url, origin=visitor.url, additional_headers=headers, max_size=None)


def move(site, conversation: str, to: str) -> None:
    """By the admins' page."""
    owner, connection, new = rows(
        site,
        "from accounts.models import User\n"
        f"one = Conversation.objects.get(uuid='{conversation}')\n"
        f"print(one.user_id, one.bot.connection_id, User.objects.get(username={to!r}).pk)",
    ).split()
    admin = Visitor(site.url, "admin")
    fields = {"user": owner, "connection": connection, "to": new, "reason": "two accounts"}
    answer = post_form(admin, "/admin/chatweb/cozeidentity/move/", **fields, confirmed="1")
    admin.close()
    assert answer.status_code == 302, answer.text[-3000:]


def test_the_old_owners_tab_lets_go_and_the_new_owners_takes_it_up(site) -> None:
    old, new = new_person(site, "moves-from"), new_person(site, "moves-to")
    conversation, turn = old.begin(old.bot("Echo"), "said before the move")
    old.wait_for(conversation, turn, "completed")
    with tab_of(old) as left, tab_of(new) as came:
        losing, taking = RawTab(old, left), RawTab(new, came)
        losing.follow(conversation)
        losing.until_type("caught_up")
        first = taking.until_type("welcome")["list_version"]
        taking.follow(conversation)
        assert taking.until_type("refused")["conversation"] == conversation

        move(site, conversation, "moves-to")
        assert losing.until_type("conversation_gone")["conversation"] == conversation
        gone_at = len(losing.raw)
        assert losing.visitor.page_state()["conversations"] == []

        taking.until(lambda frame: frame.get("list_version", first) != first)
        assert [one["id"] for one in new.page_state()["conversations"]] == [conversation]
        taking.follow(conversation)
        [seen] = taking.until_type("caught_up")["turns"]
        assert (seen["id"], seen["question"]) == (turn, "said before the move")
        asked = new.ask(conversation, "and after it tokens=40")
        taking.until(
            lambda frame: (
                frame["type"] == "turn"
                and (frame["turn"]["id"], frame["turn"]["state"]) == (asked, "completed")
            )
        )

        losing.follow(conversation)
        assert losing.until_type("refused")["conversation"] == conversation
        told = losing.raw[gone_at:-1]
        assert [frame for frame in told if conversation in frame or asked in frame] == []
    old.close()
    new.close()
