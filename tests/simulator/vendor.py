"""What the tests with the vendor's own client share."""

from cozepy import Message


def as_question(text: str) -> list[Message]:
    return [Message.build_user_question_text(text)]
