"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.incentives import plans_views, views

urlpatterns = [
    path("incentives/", views.incentives, name="incentives"),
    path("incentives/design/", plans_views.design_plan, name="incentives_design"),
    path("incentives/campaign/", plans_views.campaign_check, name="incentives_campaign"),
]
