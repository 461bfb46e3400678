"""The control endpoint and the doors of the API: faults, records of requests, tokens, files."""

import time

import httpx
import jwt
import pytest

from simulator.multipart import read_multipart
from tests.simulator.asking import ask, body, code_of, names, new_conversation
from tests.simulator.process import SimulatorProcess

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_PATH = "/api/permission/oauth2/token"


def test_scripted_faults_come_in_order_and_then_end(http: httpx.Client, simulator: SimulatorProcess) -> None:
    simulator.fault("/v1/users/me", status=429, headers={"Retry-After": "2"}, code=4009)
    simulator.fault("/v1/users/*", status=502, body="<h1>Bad Gateway</h1>")
    simulator.fault("/v1/users/me", drop=True)
    limited = http.get("/v1/users/me")
    assert (limited.status_code, limited.headers["retry-after"], code_of(limited)) == (429, "2", 4009)
    assert http.get("/v1/users/me").text == "<h1>Bad Gateway</h1>"
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/v1/users/me")
    assert code_of(http.get("/v1/users/me")) == 0


def test_requests_are_recorded(http: httpx.Client, simulator: SimulatorProcess) -> None:
    ask(http, "remember me")
    http.get("/v1/users/me", params={"x": "1"})
    (asked,) = simulator.requests("/v3/chat")
    assert asked["body"]["additional_messages"][0]["content"] == "remember me"
    assert asked["headers"]["authorization"] == f"Bearer {simulator.token}"
    (looked,) = simulator.requests(method="GET")
    assert looked["query"] == {"x": "1"}


def test_another_client_can_hold_a_conversation(http: httpx.Client, simulator: SimulatorProcess) -> None:
    conversation_id = new_conversation(http)
    simulator.occupy(conversation_id)
    assert ask(http, "x", conversation_id=conversation_id)[0][1]["code"] == 4016
    simulator.vacate(conversation_id)
    assert names(ask(http, "x", conversation_id=conversation_id))[-1] == "done"


def test_what_is_forgotten_is_gone(http: httpx.Client, simulator: SimulatorProcess) -> None:
    conversation_id = new_conversation(http)
    simulator.control("POST", f"conversations/{conversation_id}/forget")
    params = {"conversation_id": conversation_id}
    assert code_of(http.post("/v3/chat", params=params, json=body("x"))) == 4002


@pytest.mark.parametrize("header", [{}, {"Authorization": "pat_test"}, {"Authorization": "Bearer pat_other"}])
def test_no_or_a_wrong_token(simulator: SimulatorProcess, header: dict[str, str]) -> None:
    answer = httpx.get(f"{simulator.url}/v1/users/me", headers=header, trust_env=False)
    assert (answer.status_code, code_of(answer)) == (401, 4100)


def test_a_revoked_token_and_back(http: httpx.Client, simulator: SimulatorProcess) -> None:
    simulator.control("POST", "tokens/revoke", {"token": simulator.token})
    assert code_of(http.get("/v1/users/me")) == 700012006
    simulator.control("POST", "tokens/restore", {"token": simulator.token})
    assert code_of(http.get("/v1/users/me")) == 0


def claims(**changes: object) -> dict[str, object]:
    at = int(time.time())
    return {"iss": "app", "aud": "api", "iat": at, "exp": at + 60, "jti": str(time.time_ns()), **changes}


def token_request(simulator: SimulatorProcess, said: dict[str, object], **fields: object) -> httpx.Response:
    assertion = jwt.encode(said, "k" * 32, algorithm="HS256", headers={"kid": "k1"})
    body = {"grant_type": GRANT, "duration_seconds": 60, **fields}
    headers = {"Authorization": f"Bearer {assertion}"}
    return httpx.post(simulator.url + TOKEN_PATH, json=body, headers=headers, trust_env=False)


def test_a_jwt_works_once_and_the_scope_limits_the_bots(simulator: SimulatorProcess) -> None:
    once = claims()
    scope = {"attribute_constraint": {"connector_bot_chat_attribute": {"bot_id_list": ["7"]}}}
    answer = token_request(simulator, once, scope=scope)
    given = answer.json()
    assert "code" not in given
    assert given["expires_in"] > time.time()
    assert token_request(simulator, once).json()["error_code"] == "invalid_request"
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    refused = httpx.post(f"{simulator.url}/v3/chat", json=body("x"), headers=headers, trust_env=False)
    assert code_of(refused) == 4101


@pytest.mark.parametrize(
    ("changes", "fields", "error"),
    [
        ({"exp": 1}, {}, "invalid_client"),
        ({"jti": None}, {}, "invalid_client"),
        ({}, {"grant_type": "password"}, "unsupported_grant_type"),
        ({}, {"duration_seconds": 90_000}, "invalid_request"),
    ],
)
def test_bad_token_requests(
    simulator: SimulatorProcess, changes: dict[str, object], fields: dict[str, object], error: str
) -> None:
    answer = token_request(simulator, claims(**changes), **fields)
    assert answer.status_code in {400, 401}
    assert answer.json()["error_code"] == error


def test_a_key_that_is_not_registered_is_refused(simulator: SimulatorProcess) -> None:
    simulator.control("POST", "keys", {"kid": "other", "public_key": "x"})
    assert token_request(simulator, claims()).json()["error_code"] == "invalid_client"


def test_uploads(http: httpx.Client, simulator: SimulatorProcess) -> None:
    two = [("file", ("a.png", b"1")), ("file", ("b.png", b"2"))]
    assert code_of(http.post("/v1/files/upload", files=two)) == 4301
    simulator.control("POST", "settings", {"most_file_bytes": 10})
    assert code_of(http.post("/v1/files/upload", files={"file": ("a.png", b"x" * 11)})) == 4302
    kept = http.post("/v1/files/upload", files={"file": ("图 片.png", b"x" * 10)}).json()["data"]
    assert kept["file_name"] == "图 片.png"
    simulator.control("POST", f"files/{kept['id']}/forget")
    assert code_of(http.get("/v1/files/retrieve", params={"file_id": kept["id"]})) == 4200


def test_multipart_keeps_every_byte() -> None:
    content = b"\r\n--other\r\n\x00\xff--mark"
    head = b'--mark\r\nContent-Disposition: form-data; name="file"; filename="a b.png"\r\n\r\n'
    (part,) = read_multipart("multipart/form-data; boundary=mark", head + content + b"\r\n--mark--\r\n")
    assert (part.name, part.file_name, part.content) == ("file", "a b.png", content)


def test_unknown_paths_and_malformed_bodies(http: httpx.Client) -> None:
    assert http.get("/v9/nothing").json()["code"] == 4200
    assert code_of(http.post("/v3/chat", content=b"{")) == 4000
    assert code_of(http.post("/v3/chat", content=b"[]")) == 4000
    assert code_of(http.get("/v1/conversations", params={"bot_id": "1", "page_num": "x"})) == 4000
