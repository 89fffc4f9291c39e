"""What an unknown file probably is: a kind of list, a field per column, and how values are written.

Nothing here decides: a person sees every guess and can change it.
"""

from onefunnel.intake.guessing.draft import Draft, source_of
from onefunnel.intake.guessing.profile import Profile, profile, writing_of
from onefunnel.intake.guessing.recipes import RECIPES, Field, Recipe, recipe
from onefunnel.intake.guessing.suggest import guess, suggest

__all__ = [
    "RECIPES",
    "Draft",
    "Field",
    "Profile",
    "Recipe",
    "guess",
    "profile",
    "recipe",
    "source_of",
    "suggest",
    "writing_of",
]
