"""Addresses of exports."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.exports, name="console_exports"),
    path("new/", views.ask, name="console_ask_export"),
    path("<uuid:export_id>/file/", views.fetch, name="console_export_file"),
    path("<uuid:export_id>/delete/", views.delete, name="console_delete_export"),
]
