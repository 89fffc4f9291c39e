"""Addresses of the room."""

from django.urls import path, register_converter

from onefunnel.vocabulary import Stage
from onefunnel.web.pages.settings import views


class StageName:
    """A stage in an address."""

    regex = "|".join(stage.value for stage in Stage)

    def to_python(self, value: str) -> str:
        """As it is spelt."""
        return value

    def to_url(self, value: str) -> str:
        """As it is spelt."""
        return value


register_converter(StageName, "stage")

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/firm/", views.firm, name="settings_firm"),
    path("settings/stage/<stage:name>/", views.stage, name="settings_stage"),
    path("settings/horizon/", views.horizon, name="settings_horizon"),
    path("settings/rules/", views.text, name="settings_text"),
    path("settings/preview/<uuid:job>/", views.preview, name="rules_preview"),
    path("settings/preview/<uuid:job>/apply/", views.apply, name="rules_apply"),
    path("settings/applied/<uuid:job>/", views.applied, name="rules_applied"),
]
