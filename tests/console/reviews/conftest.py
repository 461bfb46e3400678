"""People around a review: who asks, who reviews, a colleague, an admin."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from chatweb.models import Bot, Conversation
from tests.console.reviews.talk import a_bot, a_conversation


@pytest.fixture
def ana(db) -> User:
    return User.objects.create(username="ana", full_name="Ana Lima")


@pytest.fixture
def olga(db) -> User:
    return User.objects.create(username="olga", full_name="Olga", is_operator=True)


@pytest.fixture
def omar(db) -> User:
    return User.objects.create(username="omar", full_name="Omar", is_operator=True)


@pytest.fixture
def root(db) -> User:
    return User.objects.create(username="root", is_superuser=True, is_staff=True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def console(olga: User) -> Client:
    """Olga's browser."""
    return client_of(olga)


@pytest.fixture
def support(db) -> Bot:
    return a_bot()


@pytest.fixture
def talk(ana: User, support: Bot) -> Conversation:
    return a_conversation(ana, support)
