"""What may be done about people, and what must stay: somebody who manages them."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from onefunnel.errors import UsageError
from onefunnel.store import tokens
from onefunnel.store.models import Invitation, Person
from onefunnel.vocabulary import Role
from onefunnel.web.locale.translations import N_

LAST = N_("This is the last director. Give the role to somebody else first.")
ONESELF = N_("Nobody closes their own account. Another director can do it.")


class Refused(UsageError):
    """A change that would leave nobody who manages people; its message is one of ours."""


@transaction.atomic
def give_role(person: Person, role: Role) -> None:
    """Give another role. Who has it signs in again. Raises Refused for the last director."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.in_role is Role.DIRECTOR and role is not Role.DIRECTOR:
        _another_director(held)
    Person.objects.filter(pk=person.pk).update(role=role.value)


@transaction.atomic
def close(person: Person, by: Person) -> None:
    """Make a person inactive: sessions, tokens and open links end at once.

    Raises Refused for oneself and for the last director.
    """
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.pk == by.pk:
        raise Refused(ONESELF)
    if held.in_role is Role.DIRECTOR:
        _another_director(held)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    Invitation.objects.filter(person=person, used_at=None).delete()
    tokens.revoke(person.tokens.all())
    end_sessions(person)


def open_again(person: Person) -> None:
    """Let a person in again, with the password they had."""
    Person.objects.filter(pk=person.pk).update(is_active=True)


def forget_second_factor(person: Person) -> bool:
    """Turn the second factor of somebody off who lost phone and codes; whether there was one."""
    gone, _ = Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    return bool(gone)


def end_sessions(person: Person) -> None:
    """Sign a person out everywhere."""
    current = Session.objects.filter(expire_date__gt=timezone.now())
    own = [each.pk for each in current if _of(each) == str(person.pk)]
    Session.objects.filter(pk__in=own).delete()


def _of(session: Session) -> str:
    return str(session.get_decoded().get("_auth_user_id", ""))


def _another_director(person: Person) -> None:
    others = Person.objects.filter(role=Role.DIRECTOR.value, is_active=True).exclude(pk=person.pk)
    if person.is_active and not others.exists():
        raise Refused(LAST)
