"""The app as Django knows it."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables are named ``store_...``."""

    name = "onefunnel.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
