"""The calls of the API."""

from ninja import NinjaAPI

api = NinjaAPI(title="onefunnel", version="1", urls_namespace="api")
