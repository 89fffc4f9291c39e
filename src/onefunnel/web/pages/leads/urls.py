"""Addresses of the room."""

from django.urls import path, register_converter

from onefunnel.web.pages.leads import views
from onefunnel.web.pages.leads.erasing import erase, erasure
from onefunnel.web.pages.leads.identifiers import Identifier

register_converter(Identifier, "identifier")

urlpatterns = [
    path("desk/", views.leads, name="leads"),
    path("leads/<identifier:lead>/", views.lead, name="lead"),
    path("customers/<identifier:party>/", views.customer, name="customer"),
    path("customers/<identifier:party>/erase/", erase, name="erase_customer"),
    path("erasures/<uuid:job>/", erasure, name="erasure"),
]
