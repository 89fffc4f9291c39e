"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.months import views

urlpatterns = [
    path("months/", views.months, name="months"),
    path("months/closing/<uuid:job>/", views.closing, name="month_closing"),
    path("months/<str:month>/", views.month, name="month"),
    path("months/<str:month>/close/", views.close, name="month_close"),
]
