"""Pages of our own beside allauth's. Included at the root, before `allauth.urls`."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("accounts/waiting/", views.waiting, name="account_waiting"),
]
