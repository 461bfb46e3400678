"""Addresses of the log."""

from __future__ import annotations

from django.urls import path

from . import saved, views

urlpatterns = [
    path("", views.entrance, name="console"),
    path("conversations/", views.log, name="console_conversations"),
    path("views/", saved.views, name="console_views"),
    path("views/save/", saved.save, name="console_save_view"),
    path("views/<uuid:view_id>/", saved.change, name="console_change_view"),
    path("views/<uuid:view_id>/delete/", saved.delete, name="console_delete_view"),
]
