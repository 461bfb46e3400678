"""Addresses of annotations and reviews, below /console/."""

from __future__ import annotations

from django.urls import path

from . import export, queues, remarks, working

urlpatterns = [
    path("reviews/", queues.reviews, name="console_reviews"),
    path("reviews/annotations.jsonl", export.export, name="console_annotations_export"),
    path("reviews/queues/new/", queues.define, name="console_new_queue"),
    path("reviews/queues/<uuid:queue_id>/", queues.queue, name="console_queue"),
    path("reviews/queues/<uuid:queue_id>/change/", queues.define, name="console_change_queue"),
    path("reviews/queues/<uuid:queue_id>/next/", queues.begin, name="console_next_item"),
    path("reviews/items/<uuid:item_id>/", working.item, name="console_item"),
    path("reviews/add/<uuid:turn_id>/", queues.add, name="console_add_to_queue"),
    path(
        "conversations/<uuid:conversation_id>/annotations/",
        remarks.of_conversation,
        name="console_annotations",
    ),
    path(
        "messages/<uuid:message_id>/annotations/",
        remarks.of_message,
        name="console_message_annotations",
    ),
    path("annotations/<uuid:annotation_id>/", remarks.alter, name="console_annotation"),
    path("annotations/<uuid:annotation_id>/delete/", remarks.delete, name="console_delete_annotation"),
]
