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

MODEL_NAMES = {
    "first_touch": N_("First touch"),
    "last_touch": N_("Last touch"),
    "last_non_direct": N_("Last touch but direct"),
    "linear": N_("Linear"),
    "position_u": N_("By position, U"),
    "position_w": N_("By position, W"),
    "time_decay": N_("Time decay"),
    "markov_1": N_("Markov, order 1"),
    "markov_2": N_("Markov, order 2"),
    "markov_3": N_("Markov, order 3"),
    "markov_4": N_("Markov, order 4"),
    "shapley": N_("Shapley, conversions"),
    "shapley_rate": N_("Shapley, rates"),
    "calibrated": N_("Corrected by experiments"),
}
"""The models of attribution."""

VALUE_NAMES = {
    "leads": N_("leads"),
    "customers": N_("customers"),
    "revenue": N_("revenue"),
    "contribution": N_("contribution"),
}
"""What attribution gives credit for, within a sentence."""

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
