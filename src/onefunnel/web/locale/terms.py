"""The names of stages, departments and of whatever else the records spell in English words."""

from onefunnel.vocabulary import Department, Role, Stage
from onefunnel.web.locale.translations import N_

STAGE_NAMES = {
    Stage.CUSTOMER_AWARENESS: N_("Customer awareness"),
    Stage.BRAND_AWARENESS: N_("Brand awareness"),
    Stage.BRAND_CONSIDERATION: N_("Brand consideration"),
    Stage.BRAND_PREFERENCE: N_("Brand preference"),
    Stage.PURCHASE_INTENTION: N_("Purchase intention"),
    Stage.PURCHASE: N_("Purchase"),
    Stage.CUSTOMER_LOYALTY: N_("Customer loyalty"),
    Stage.CUSTOMER_ADVOCACY: N_("Customer advocacy"),
}

DEPARTMENT_NAMES = {
    Department.MARKETING: N_("Marketing"),
    Department.SALES: N_("Sales"),
    Department.SUPPORT: N_("Support"),
    Department.MANAGEMENT: N_("Management"),
    Department.OTHER: N_("Other"),
    Department.BOTH: N_("Both"),
}

ROLE_NAMES = {
    Role.DIRECTOR: N_("Director"),
    Role.HEAD_OF_MARKETING: N_("Head of marketing"),
    Role.HEAD_OF_SALES: N_("Head of sales"),
    Role.MARKETING: N_("Marketer"),
    Role.SALES: N_("Salesperson"),
    Role.ANALYST: N_("Analyst"),
    Role.HR: N_("Human resources"),
    Role.EMPLOYEE: N_("Employee"),
}

REASON_SOURCES = {
    "salesperson": N_("Salesperson"),
    "customer": N_("Customer"),
    "system": N_("System"),
}

DIMENSION_NAMES = {
    "channel": N_("Channel"),
    "campaign": N_("Campaign"),
    "page": N_("Page"),
    "segment": N_("Segment"),
    "owner": N_("Owner"),
    "cohort_month": N_("Cohort month"),
}

CALENDAR_NAMES = {"gregorian": N_("Gregorian"), "solar_hijri": N_("Solar Hijri")}

SOLAR_MONTHS = (
    N_("Farvardin"),
    N_("Ordibehesht"),
    N_("Khordad"),
    N_("Tir"),
    N_("Mordad"),
    N_("Shahrivar"),
    N_("Mehr"),
    N_("Aban"),
    N_("Azar"),
    N_("Dey"),
    N_("Bahman"),
    N_("Esfand"),
)
