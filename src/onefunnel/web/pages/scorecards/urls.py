"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.scorecards import views

urlpatterns = [
    path("scorecards/", views.scorecards, name="scorecards"),
    path("scorecards/card/<path:name>/", views.scorecard, name="scorecard"),
    path("scorecards/questions/<path:name>/", views.questions, name="scorecard_questions"),
]
