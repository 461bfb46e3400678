"""How Studio says no: its own codes, its own HTTP statuses, no log id in the body (wire-chat 10)."""

from __future__ import annotations

from simulator import access
from simulator.envelope import ApiError
from simulator.records import Token
from simulator.routing import Reply, Request
from simulator.simulator import Simulator

TOKEN_CODE = 700012006
# The cloud's code of the same refusal -> Studio's.
CODES = {
    4001: 103200003,
    4002: 103000002,
    4005: 103200001,
    4006: 103100002,
    4015: 103100002,
    4101: 103000001,
    4104: 103200005,
    4300: 104000006,
    4301: 104000007,
    4302: 104000004,
    4303: 104000002,
}
WORKFLOW_PATHS = ("/v1/workflow/", "/v1/workflows/")


def bad(msg: str) -> ApiError:
    return ApiError(400, msg, 400)


def who_asks(simulator: Simulator, request: Request) -> Token:
    """A wrong or missing token is told with HTTP 200."""
    try:
        return access.who_asks(simulator, request)
    except ApiError as error:
        raise ApiError(TOKEN_CODE, "authentication failed: invalid api key") from error


def unknown(request: Request) -> ApiError:
    """Unknown paths fall to the browser's sign-in, before anybody sees that they are not there."""
    return ApiError(401, "missing session_key in cookie", 401)


def refuse(error: ApiError, request: Request) -> Reply:
    """Parameters of chats and conversations are HTTP 400; workflows have the cloud's 4000."""
    code, status = CODES.get(error.code, error.code), error.status
    if error.code == 4000 and not request.path.startswith(WORKFLOW_PATHS):
        code, status = 400, 400
    elif error.code == 5000 and not error.is_scripted:
        code, status = 500, 500
    return Reply.json({"code": code, "msg": error.msg}, status)


def require_ids(values: dict[str, object]) -> None:
    """Ids are Go's `,string` numbers: anything but a string of digits is HTTP 400 (wire-supplement 3.4)."""
    for name, value in values.items():
        if value is not None and value != "" and not (isinstance(value, str) and value.isdecimal()):
            raise bad(f"{name}: json: invalid use of ,string struct tag, trying to unmarshal unquoted value")
