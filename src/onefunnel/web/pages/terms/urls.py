"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.terms import edit_views, form_views, pay_views, share_views, views

urlpatterns = [
    path("terms/", views.terms, name="terms"),
    path("terms/history/", views.history, name="terms_history"),
    path("terms/file/", edit_views.file, name="terms_file"),
    path("terms/plan/", form_views.plan, name="terms_plan"),
    path("terms/ranges/", form_views.ranges, name="terms_ranges"),
    path("terms/share/", share_views.share, name="terms_share"),
    path("terms/remove/", edit_views.remove, name="terms_remove"),
    path("terms/pay/", pay_views.ask, name="terms_pay"),
    path("terms/pay/<uuid:job>/", pay_views.paid, name="terms_paid"),
    path("terms/apply/", edit_views.apply, name="terms_apply"),
    path("terms/applied/<uuid:job>/", edit_views.applied, name="terms_applied"),
]
