"""The codes of what can be wrong with an input: stable, and each explained in the reference.

A row's code goes into the quarantine with the row; a file's code is that of the ``InputError``
which stops the import. ``docs/reference/input-errors.md`` explains every one of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

ROW_CODES: Mapping[str, str] = MappingProxyType(
    {
        "missing_key": "the column that identifies the record is empty",
        "bad_instant": "not a date or a time",
        "bad_day": "not a date",
        "date_out_of_range": "a date outside the years 1900 to 2199",
        "bad_number": "not a number",
        "number_out_of_range": "too large, or outside what the column can hold",
        "too_many_decimals": "more decimals than are stored",
        "bad_choice": "not one of the values that the column can have",
        "bad_flag": "neither true nor false",
        "bad_json": "not JSON",
        "bad_currency": "not a currency code of three letters",
        "too_many_columns": "more columns than the header",
        "too_few_columns": "fewer columns than the header",
        "bad_quote": "quotation marks that do not match",
        "bad_bytes": "bytes that are not text",
        "bad_line_break": "a carriage return inside a value without quotation marks",
        "bad_record": "not an object with a value for each name",
        "totals_row": "a row of totals, not a record",
    }
)

FILE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "not_found": "there is no such file",
        "not_readable": "the file may not be read, or is none",
        "changed_meanwhile": "the file changed while it was read",
        "no_files": "nothing there that can be read",
        "empty_file": "the file is empty",
        "wrong_kind": "the file is of another kind than its name says",
        "unknown_kind": "a file of a kind that can't be read",
        "file_too_large": "the file is larger than the limit",
        "field_too_large": "a value is larger than the limit",
        "unreadable_encoding": "the letters of the file can't be made out",
        "unknown_table": "no table of the ledger has the name of the file",
        "unknown_list": "no table has the name of the file, and no preset knows its columns",
        "unknown_column": "the table has no such column",
        "missing_column": "a column that is needed is not there",
        "missing_key_column": "the column that identifies a record is not there",
        "duplicate_column": "two columns of the file mean the same column of the table",
        "ambiguous_number": "a comma that may part thousands or decimals",
        "unknown_sheet": "the workbook has no such sheet",
        "no_records": "no list of records in the JSON document",
        "damaged_file": "the file is damaged or cut short",
        "damaged_zip": "the archive is damaged or cut short",
        "encrypted_zip": "the archive is encrypted",
        "encrypted_file": "the file is encrypted",
        "unsafe_zip": "the archive would write outside its folder",
        "zip_too_large": "the archive unpacks to more than the limit",
        "zip_too_deep": "folders within folders in the archive",
        "bad_mapping": "the mapping file is wrong",
        "no_matching_file": "no source of the mapping matches a file",
        "count_mismatch": "records were counted that did not arrive",
    }
)
