"""Below /console/figures/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.figures, name="console_figures"),
    path("<slug:key>.csv", views.table, name="console_figure_table"),
]
