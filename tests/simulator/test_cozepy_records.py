"""The vendor's own Python client, synchronous, against the simulator: what is kept, and who may see it."""

import pytest
from cozepy import (
    Coze,
    CozeAPIError,
    JWTAuth,
    MessageType,
    SyncHTTPClient,
    TokenAuth,
    VariableValue,
)
from cozepy.conversations.message.feedback import FeedbackType
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.simulator.process import (
    BOT_IDS,
    WORKSPACE_ID,
    SimulatorProcess,
)
from tests.simulator.vendor import as_question


def test_conversations(coze: Coze) -> None:
    bot_id = BOT_IDS["Echo"]
    made = [coze.conversations.create(bot_id=bot_id, meta_data={"n": str(n)}) for n in range(3)]
    assert coze.conversations.retrieve(conversation_id=made[0].id).meta_data == {"n": "0"}
    assert coze.conversations.update(conversation_id=made[0].id, name="A name").name == "A name"
    listed = [each.id for each in coze.conversations.list(bot_id=bot_id, page_num=1, page_size=2)]
    assert listed == [each.id for each in reversed(made)]
    section = coze.conversations.clear(conversation_id=made[0].id)
    assert section.conversation_id == made[0].id
    assert section.id != made[0].last_section_id
    assert coze.conversations.retrieve(conversation_id=made[0].id).last_section_id == section.id
    coze.conversations.delete(conversation_id=made[0].id)
    with pytest.raises(CozeAPIError) as gone:
        coze.conversations.retrieve(conversation_id=made[0].id)
    assert gone.value.code == 4002


def test_messages(coze: Coze) -> None:
    conversation = coze.conversations.create(messages=as_question("zero"))
    for text in ("one", "two", "three", "four"):
        coze.conversations.messages.create(
            conversation_id=conversation.id,
            role="user",
            content=text,
            content_type="text",
            meta_data={"is": text},
        )
    pages = coze.conversations.messages.list(conversation_id=conversation.id, order="asc", limit=2)
    found = list(pages)
    assert [message.content for message in found] == ["zero", "one", "two", "three", "four"]
    last = found[-1]
    assert last.meta_data == {"is": "four"}
    ids = {"conversation_id": conversation.id, "message_id": last.id}
    assert coze.conversations.messages.retrieve(**ids).content == "four"
    assert coze.conversations.messages.update(**ids, content="FOUR").content == "FOUR"
    assert coze.conversations.messages.delete(**ids).id == last.id
    with pytest.raises(CozeAPIError) as gone:
        coze.conversations.messages.retrieve(**ids)
    assert gone.value.code == 4005


def test_feedback(coze: Coze, simulator: SimulatorProcess) -> None:
    poll = coze.chat.create_and_poll(
        bot_id=BOT_IDS["Echo"], user_id="u1", additional_messages=as_question("Hi"), poll_timeout=20
    )
    answer = next(message for message in poll.messages if message.type == MessageType.ANSWER)
    ids = {"conversation_id": poll.chat.conversation_id, "message_id": answer.id}
    feedback = coze.conversations.messages.feedback
    feedback.create(**ids, feedback_type=FeedbackType.UNLIKE, reason_types=["wrong"], comment="No.")
    kept = next(each for each in simulator.messages() if each["id"] == answer.id)["feedback"]
    assert kept == {"feedback_type": "unlike", "reason_types": ["wrong"], "comment": "No."}
    feedback.delete(**ids)
    assert next(each for each in simulator.messages() if each["id"] == answer.id)["feedback"] is None


def test_files(coze: Coze) -> None:
    uploaded = coze.files.upload(file=("a b.png", b"\x89PNG\r\n\r\n--x\r\n"))
    assert (uploaded.file_name, uploaded.bytes) == ("a b.png", 13)
    assert coze.files.retrieve(file_id=uploaded.id).id == uploaded.id
    for name, content, code in (("a.md", b"x", 4303), ("a.png", b"", 4300)):
        with pytest.raises(CozeAPIError) as refused:
            coze.files.upload(file=(name, content))
        assert refused.value.code == code


@pytest.mark.parametrize("version", [1, 2])
def test_bots(coze: Coze, version: int) -> None:
    bots = list(coze.bots.list(space_id=WORKSPACE_ID, page_size=2, use_api_version=version))
    assert {bot.name: bot.id for bot in bots} == BOT_IDS
    echo = coze.bots.retrieve(bot_id=BOT_IDS["Echo"], use_api_version=version)
    assert "{{user_name}}" in echo.onboarding_info.prologue
    assert echo.onboarding_info.suggested_questions
    with pytest.raises(CozeAPIError):
        coze.bots.retrieve(bot_id="7", use_api_version=version)


def test_workspaces_and_the_owner_of_the_token(coze: Coze) -> None:
    (workspace,) = coze.workspaces.list()
    assert workspace.id == WORKSPACE_ID
    assert coze.users.me().user_id


def test_variables(coze: Coze) -> None:
    scope = {"connector_uid": "u1", "bot_id": BOT_IDS["Echo"]}
    values = [VariableValue(keyword="city", value="Oslo"), VariableValue(keyword="pet", value="cat")]
    coze.variables.update(**scope, data=values)
    coze.variables.update(**scope, data=[VariableValue(keyword="city", value="Rome")])
    found = coze.variables.retrieve(**scope, keywords=["city", "unknown"])
    assert [(each.keyword, each.value) for each in found] == [("city", "Rome")]
    assert list(coze.variables.retrieve(connector_uid="u2", bot_id=BOT_IDS["Echo"], keywords=["city"])) == []


def test_oauth_jwt_isolates_by_session_name(simulator: SimulatorProcess) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    simulator.control("POST", "keys", {"kid": "k1", "public_key": public.decode()})

    with SyncHTTPClient(trust_env=False) as http:
        auth = JWTAuth("app1", private, "k1", ttl=600, base_url=simulator.url)
        auth._oauth_cli._requester._sync_client = http
        coze = Coze(auth, simulator.url, http_client=http)
        assert auth.token.startswith("czs_")
        plain = coze.conversations.create()
        alice = auth._oauth_cli.get_access_token(ttl=600, session_name="alice")
        as_alice = Coze(TokenAuth(alice.access_token), simulator.url, http_client=http)
        own = as_alice.conversations.create()
        assert as_alice.conversations.retrieve(conversation_id=own.id).id == own.id
        for client, other in ((as_alice, plain), (coze, own)):
            with pytest.raises(CozeAPIError) as refused:
                client.conversations.retrieve(conversation_id=other.id)
            assert refused.value.code == 4002
        simulator.control("POST", "tokens/revoke", {"token": alice.access_token})
        with pytest.raises(CozeAPIError) as over:
            as_alice.users.me()
        assert over.value.code == 700012006


def test_errors_keep_code_and_log_id(coze: Coze, simulator: SimulatorProcess) -> None:
    with SyncHTTPClient(trust_env=False) as http:
        stranger = Coze(TokenAuth("pat_wrong"), simulator.url, http_client=http)
        with pytest.raises(CozeAPIError) as refused:
            stranger.users.me()
    assert refused.value.code == 4100
    assert refused.value.logid
    with pytest.raises(CozeAPIError) as unknown:
        list(coze.chat.stream(bot_id="7", user_id="u1", additional_messages=as_question("Hi")))
    assert unknown.value.code == 4006
