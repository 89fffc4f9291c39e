"""Who signs in: people with one role each, and the links that let them in the first time."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from onefunnel.vocabulary import Permission, Role

SESSION = "onefunnel.store.models.people.Person.session"
ROLES = [(role.value, role.value) for role in Role]


class People(BaseUserManager["Person"]):
    """People by their e-mail address, whatever its letters' case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with an address."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """A person who may sign in. ``employee_id`` is who they are in the ledger, empty: nobody.

    ``language`` is empty where it is the workspace's. Who leaves is made inactive, never deleted:
    what they wrote and did keeps their name.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40, choices=ROLES)
    language = models.CharField(max_length=8, blank=True)
    employee_id = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    objects = People()

    def __str__(self) -> str:
        """The name to show."""
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session stands on: it ends when the password or the role is another one."""
        return salted_hmac(SESSION, f"{self.role} {self.password}", algorithm="sha256").hexdigest()

    @property
    def in_role(self) -> Role:
        """The role."""
        return Role(self.role)

    def may(self, permission: Permission) -> bool:
        """Whether the person may do something; who is not active may do nothing."""
        return self.is_active and self.in_role.may(permission)

    def sees_person(self, employee_id: str, department: str) -> bool:
        """Whether an employee is shown by name: oneself, and to heads the own team."""
        if self.employee_id and employee_id == self.employee_id:
            return True
        return self.in_role.leads and department == self.in_role.department


class Invitation(models.Model):
    """A link that lets somebody in once: to join (no ``person`` yet) or to set a new password.

    Only a hash of the link is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40, choices=ROLES)
    language = models.CharField(max_length=8, blank=True)
    employee_id = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
