"""The measure ``offline_conversions``: what advertising platforms are told, and their files."""
