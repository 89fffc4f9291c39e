"""What is wrong with a row in the quarantine, in a few words, by the row's code."""

from onefunnel.web.locale.translations import N_

ROW_ERRORS: dict[str, str] = {
    "bad_bytes": N_("unreadable characters"),
    "bad_choice": N_("not one of the valid values"),
    "bad_currency": N_("not a currency code"),
    "bad_day": N_("not a date"),
    "bad_flag": N_("neither true nor false"),
    "bad_instant": N_("not a date and time"),
    "bad_json": N_("not JSON"),
    "bad_line_break": N_("a line break in the wrong place"),
    "bad_number": N_("not a number"),
    "bad_quote": N_("broken quotation marks"),
    "bad_record": N_("not a record"),
    "conflicting_duplicate": N_("two records of one key disagree"),
    "date_out_of_range": N_("a date that can't be right"),
    "missing_key": N_("the key is missing"),
    "number_out_of_range": N_("the number is too large"),
    "too_few_columns": N_("too few columns"),
    "too_many_columns": N_("too many columns"),
    "too_many_decimals": N_("too many decimals"),
    "totals_row": N_("a row of totals, not a record"),
}
