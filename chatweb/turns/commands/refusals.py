"""Why a command was not carried out: a key of chatweb/sentences.py, and nothing was changed."""


class Refused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
