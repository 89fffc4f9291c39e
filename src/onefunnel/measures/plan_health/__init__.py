"""The measure ``plan_health``: whether pay plans do what they are meant to, test by test."""
