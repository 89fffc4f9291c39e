"""Who a person is in the firm, and what that lets them see and do."""

from collections.abc import Mapping
from enum import StrEnum

from onefunnel.vocabulary.departments import Department


class Permission(StrEnum):
    """What a role may do. A page or a call names the one it asks for."""

    OWN_ACCOUNT = "own_account"
    """One's own name, language, password, second factor."""
    FIGURES = "figures"
    """Answers of the measures, their definitions, comments on them."""
    RECORDS = "records"
    """Rows behind figures, leads and customers, with their names."""
    IMPORT = "import"
    """Bring files in, mend the quarantine."""
    RULES_PREVIEW = "rules_preview"
    """See what other funnel rules would change."""
    RULES = "rules"
    """Put other funnel rules into force, change the settings of the firm."""
    OWN_PAY = "own_pay"
    """One's own statement of pay and one's own scorecard."""
    PAY = "pay"
    """Everybody's pay, and who would win or lose by another plan."""
    TERMS = "terms"
    """Put other pay plans, ranges and scorecards into force, and close a month."""
    PEOPLE = "people"
    """Invite people, give them roles, let them go."""
    AUDIT = "audit"
    """Read who saw and did what."""
    KEEP = "keep"
    """Make backups and restore them."""
    TOKENS = "tokens"
    """Have personal tokens for the API."""


class Role(StrEnum):
    """The role of a person; one each.

    >>> Role.HEAD_OF_SALES.department, Role.HEAD_OF_SALES.leads
    (<Department.SALES: 'sales'>, True)
    >>> Role.EMPLOYEE.may(Permission.FIGURES)
    False
    """

    DIRECTOR = "director"
    HEAD_OF_MARKETING = "head_of_marketing"
    HEAD_OF_SALES = "head_of_sales"
    MARKETING = "marketing"
    SALES = "sales"
    ANALYST = "analyst"
    HR = "hr"
    EMPLOYEE = "employee"

    @property
    def department(self) -> Department:
        """The department that the role belongs to."""
        return _DEPARTMENTS.get(self, Department.OTHER)

    @property
    def leads(self) -> bool:
        """Whether it is the head of a department: heads see the persons of the own team."""
        return self in (Role.HEAD_OF_MARKETING, Role.HEAD_OF_SALES)

    def may(self, permission: Permission) -> bool:
        """Whether the role has a permission."""
        return permission in GRANTS[self]


_DEPARTMENTS: Mapping[Role, Department] = {
    Role.DIRECTOR: Department.MANAGEMENT,
    Role.HEAD_OF_MARKETING: Department.MARKETING,
    Role.MARKETING: Department.MARKETING,
    Role.HEAD_OF_SALES: Department.SALES,
    Role.SALES: Department.SALES,
}

_EVERYBODY = frozenset({Permission.OWN_ACCOUNT, Permission.OWN_PAY})
_READERS = _EVERYBODY | {Permission.FIGURES, Permission.RECORDS, Permission.TOKENS}
_KEEPERS_OF_DATA = _READERS | {Permission.IMPORT, Permission.RULES_PREVIEW}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.DIRECTOR: frozenset(Permission),
    Role.HEAD_OF_MARKETING: _KEEPERS_OF_DATA,
    Role.HEAD_OF_SALES: _KEEPERS_OF_DATA,
    Role.ANALYST: _KEEPERS_OF_DATA,
    Role.MARKETING: _READERS,
    Role.SALES: _READERS,
    Role.HR: _EVERYBODY,
    Role.EMPLOYEE: _EVERYBODY,
}
"""What each role may do."""
