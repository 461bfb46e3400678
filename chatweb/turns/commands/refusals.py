"""Why a command was not carried out: a key of chatweb/sentences.py, and nothing was changed."""


class Refused(Exception):
    """`sentence`: instead of the reason's own, where it can name what is wrong; in the reader's language."""

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.sentence = sentence
