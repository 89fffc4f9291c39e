"""What people did, in words."""

from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

ACTIONS = {
    "account_changed": N_("changed their own account"),
    "account_closed": N_("closed an account"),
    "account_opened": N_("opened an account again"),
    "backup_deleted": N_("deleted a backup"),
    "backup_made": N_("made a backup"),
    "backup_taken": N_("downloaded a backup"),
    "backup_uploaded": N_("uploaded a backup"),
    "code_failed": N_("gave a wrong code"),
    "discarded": N_("threw away files or rows"),
    "downloaded": N_("took rows away in a file"),
    "employee_named": N_("named the employee of a person"),
    "exported": N_("took rows away in a file"),
    "imported": N_("imported files"),
    "invitation_withdrawn": N_("withdrew a link"),
    "invited": N_("invited somebody"),
    "joined": N_("came in for the first time"),
    "mapped": N_("said which column is what"),
    "mended": N_("mended rows"),
    "password_changed": N_("changed the own password"),
    "password_link_made": N_("made a link for a new password"),
    "password_set": N_("set a new password"),
    "recovery_code_used": N_("used a recovery code up"),
    "recovery_codes_made": N_("made recovery codes"),
    "restore_asked": N_("asked for a backup to be restored"),
    "restored": N_("restored a backup"),
    "role_changed": N_("gave another role"),
    "rules_applied": N_("put funnel rules into force"),
    "rules_previewed": N_("previewed funnel rules"),
    "second_factor_off": N_("turned a second factor off"),
    "second_factor_on": N_("turned a second factor on"),
    "seen": N_("looked at"),
    "settings_changed": N_("changed the firm's settings"),
    "sign_in_failed": N_("failed to sign in"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "token_made": N_("made a token"),
    "token_revoked": N_("revoked a token"),
    "tried": N_("tried an import"),
    "uploaded": N_("uploaded files"),
}

SUBJECTS = {
    "audit": N_("audit log"),
    "backup": N_("backup"),
    "campaign": N_("campaign"),
    "customer": N_("customer"),
    "figure": N_("figure"),
    "invitation": N_("link"),
    "lead": N_("lead"),
    "page": N_("page"),
    "person": N_("person"),
    "quarantine": N_("quarantine"),
    "rows": N_("rows"),
    "rules": N_("funnel rules"),
    "settings": N_("settings"),
    "token": N_("token"),
    "upload": N_("upload"),
}


def in_words(names: dict[str, str], code: str, words: Words) -> str:
    """A code in words; one that is not known stands as it is spelt."""
    return words.say(names[code]) if code in names else code
