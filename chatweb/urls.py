"""The whole URL map."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from chatweb.views import (
    actions,
    asking,
    conversations,
    diagrams,
    exporting,
    feedback,
    files,
    health,
    my_data,
    pages,
    pictures,
    search,
    tasks,
)

urlpatterns = [
    path("", pages.start, name="start"),
    path("c/<uuid:conversation_id>/", pages.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/turns/", pages.older_turns, name="older_turns"),
    path("c/<uuid:conversation_id>/ask/", asking.ask, name="ask"),
    path(
        "c/<uuid:conversation_id>/turns/<uuid:turn_id>/",
        include(
            [
                path("stop/", asking.stop, name="stop"),
                path("edit/", asking.edit, name="edit"),
                path("withdraw/", asking.withdraw, name="withdraw"),
                path("send-now/", asking.send_now, name="send_now"),
                path("again/", asking.again, name="again"),
                path("branch/", asking.branch, name="branch"),
                path("regenerate/", asking.regenerate, name="regenerate"),
                path("whole/", asking.whole, name="whole"),
                path("answer/", actions.answer, name="answer"),
            ]
        ),
    ),
    path("c/<uuid:conversation_id>/actions/<uuid:action_id>/change/", actions.change, name="change"),
    path("c/<uuid:conversation_id>/actions/<uuid:action_id>/draft/", actions.draft, name="draft"),
    path("c/<uuid:conversation_id>/messages/<uuid:message_id>/feedback/", feedback.rate, name="feedback"),
    path("c/<uuid:conversation_id>/files/", files.upload, name="upload"),
    path("bots/<uuid:bot_id>/files/", files.upload_for_bot, name="upload_for_bot"),
    path("files/<uuid:attachment_id>/", files.file, name="file"),
    path("files/<uuid:attachment_id>/picture/", files.picture, name="file_picture"),
    path("files/<uuid:attachment_id>/renew/", files.renew, name="renew_file"),
    path("c/<uuid:conversation_id>/export/", exporting.export, name="export"),
    path("c/<uuid:conversation_id>/pictures/", pictures.links, name="picture_links"),
    path("c/<uuid:conversation_id>/rename/", conversations.rename, name="rename"),
    path("c/<uuid:conversation_id>/pin/", conversations.pin, name="pin"),
    path("c/<uuid:conversation_id>/archive/", conversations.archive, name="archive"),
    path("c/<uuid:conversation_id>/clear/", conversations.clear, name="clear"),
    path("c/<uuid:conversation_id>/fresh/", conversations.fresh, name="fresh"),
    path("c/<uuid:conversation_id>/read/", conversations.read, name="read"),
    path("c/<uuid:conversation_id>/delete/", conversations.delete, name="delete"),
    path("c/<uuid:conversation_id>/restore/", conversations.restore, name="restore"),
    path("settings/my-data/", my_data.my_data, name="my_data"),
    path("settings/my-data/download/", my_data.download_all, name="download_all"),
    path("settings/my-data/delete/", my_data.delete_account, name="delete_account"),
    path("receipts/<str:token>/", my_data.show_receipt, name="receipt"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("search/", search.search, name="search"),
    path("search/places/", search.places, name="places"),
    path("pictures/<str:token>/", pictures.picture, name="picture"),
    path("diagram/", diagrams.diagram, name="diagram"),
    path("conversations/", asking.conversations, name="conversations"),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["chatweb"]), name="javascript-catalog"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
