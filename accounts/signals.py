"""What others may want to know of sign-in. They listen; nothing here knows them."""

from django.dispatch import Signal

# session_keys: list[str]. Sessions that are over, of one person, told when that is certain.
sessions_ended = Signal()
# user, before, after: {"groups": [names], "is_operator": bool, …}, only what changed; request.
roles_synchronised = Signal()
# old_key, new_key: str, auth_hash: str. A session got another key and its person stays signed in.
session_renewed = Signal()
