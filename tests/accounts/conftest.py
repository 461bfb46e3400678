"""People for the tests of sign-in, and empty rate limits."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from accounts.models import User

from .front_door import PASSWORD


@pytest.fixture(autouse=True)
def no_attempts_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana", "ana@example.com", PASSWORD)


@pytest.fixture
def demo(db) -> User:
    return User.objects.create_user("demo", "demo@example.com", "demo", is_demo=True)


@pytest.fixture
def admin_person(db) -> User:
    return User.objects.create_superuser("root", "root@example.com", PASSWORD)
