"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="people_invite"),
    path("people/links/<int:number>/withdraw/", views.withdraw, name="people_withdraw"),
    path("people/<int:number>/", views.change, name="people_change"),
    path("people/<int:number>/password/", views.new_password, name="people_password"),
    path("people/<int:number>/close/", views.close, name="people_close"),
    path("people/<int:number>/open/", views.open_again, name="people_open"),
    path("people/<int:number>/factor/", views.forget_second_factor, name="people_factor"),
]
