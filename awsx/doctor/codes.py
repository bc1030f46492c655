"""Every code that doctor has of its own: how severe it is, and what it does to the person.

docs/findings.md is made from this table and from an example for each code. What a terminal's
variables do has the codes of `awsx current` (docs/truth.md).
"""

from __future__ import annotations

from typing import NamedTuple

from awsx.finding import Finding

ERROR, WARNING, INFO = "error", "warning", "info"
WHOLE_FILE = "the AWS CLI and boto3 refuse the whole file"
FAILS = "the AWS CLI refuses the profile"
NOBODY_ELSE = "others on this machine can read it"


class Code(NamedTuple):
    """`effect` is what the finding does to the person."""

    severity: str
    effect: str


CODES = {
    # the files as text
    "unreadable": Code(ERROR, "none of its profiles is there"),
    "double-section": Code(ERROR, WHOLE_FILE),
    "double-key": Code(ERROR, WHOLE_FILE),
    "no-equals": Code(ERROR, WHOLE_FILE),
    "before-section": Code(ERROR, WHOLE_FILE),
    "not-nested": Code(ERROR, WHOLE_FILE),
    "byte-order-mark": Code(ERROR, WHOLE_FILE),
    "not-utf8": Code(ERROR, WHOLE_FILE),
    "no-config": Code(WARNING, "there are no profiles to use"),
    "dangling-link": Code(ERROR, "every tool takes it for a file that is not there"),
    "config-file-missing": Code(ERROR, "every tool takes it for an empty file"),
    "header-without-profile": Code(WARNING, "no tool sees a profile there"),
    "header-case": Code(WARNING, "no tool sees a profile there"),
    "header-empty": Code(WARNING, "no tool sees a profile there"),
    "header-words": Code(WARNING, "the AWS CLI sees no profile there"),
    "profile-in-credentials": Code(WARNING, "its name is the whole header, with the word profile"),
    "default-leak": Code(WARNING, "for the AWS CLI and boto3 its keys count in every profile"),
    "default-twice": Code(WARNING, "the AWS CLI takes the last one, other SDKs [profile default]"),
    "spelled-twice": Code(WARNING, "the AWS CLI takes the last one alone"),
    "carriage-return": Code(INFO, "AWS tools read that, programs of your own may not"),
    "inline-comment": Code(WARNING, "for the AWS CLI and boto3 the comment is part of the value"),
    "quoted-value": Code(WARNING, "the quotes are part of the value"),
    "colon": Code(WARNING, "the AWS CLI and boto3 read that, other SDKs refuse the file"),
    "odd-key": Code(WARNING, "the AWS CLI and boto3 read it, other SDKs do not"),
    "unknown-key": Code(WARNING, "no tool reads it"),
    "both-files": Code(INFO, "where both say something, the credentials file wins"),
    # permissions
    "open-credentials": Code(WARNING, NOBODY_ELSE),
    "open-token": Code(WARNING, NOBODY_ELSE),
    "other-owner": Code(WARNING, "a renewal or a login cannot be kept"),
    "read-only": Code(WARNING, "a login or a renewed token cannot be kept there"),
    "no-locks": Code(WARNING, "two terminals may log in at once"),
    "spare-cache": Code(INFO, "switches go on through the spare folder"),
    "left-over": Code(INFO, "it is of no use to anybody"),
    "clock": Code(WARNING, "a clock that is wrong makes AWS refuse every request"),
    # profiles
    "no-session": Code(ERROR, FAILS),
    "missing-key": Code(ERROR, FAILS),
    "inconsistent": Code(ERROR, FAILS),
    "no-source": Code(ERROR, FAILS),
    "loop": Code(ERROR, FAILS),
    "empty-source": Code(ERROR, FAILS),
    "unknown-source": Code(ERROR, FAILS),
    "one-source": Code(ERROR, FAILS),
    "half-keys": Code(ERROR, FAILS),
    "blank-key": Code(ERROR, "AWS refuses it"),
    "too-short": Code(ERROR, FAILS),
    "bad-command": Code(ERROR, FAILS),
    "bad-region": Code(ERROR, FAILS),
    "refused": Code(ERROR, FAILS),
    "several-kinds": Code(WARNING, "tools may be in different accounts"),
    "odd-name": Code(WARNING, "some SDKs do not see it"),
    "like-a-command": Code(INFO, "its name alone is the command"),
    "long-lived-keys": Code(WARNING, "who copies the file has them until somebody deletes them"),
    "default-keys": Code(WARNING, "each command that names no profile uses them"),
    "keys-past-end": Code(WARNING, "AWS refuses them"),
    "reserved-role": Code(ERROR, "AWS answers ForbiddenException"),
    "odd-account": Code(ERROR, "AWS refuses the login to it"),
    "odd-role": Code(ERROR, "AWS refuses to assume it"),
    "no-region": Code(INFO, "most commands need one"),
    "no-program": Code(ERROR, "each command with the profile fails"),
    "no-token-file": Code(ERROR, "each command with the profile fails"),
    "long-chained-role": Code(ERROR, "a role gets another role for an hour at most"),
    "legacy-session": Code(INFO, "its token cannot be renewed, so a login is due every 8 hours"),
    # sessions of IAM Identity Center, and of `aws login`
    "plain-http": Code(ERROR, "the AWS CLI refuses it"),
    "start-url-variants": Code(WARNING, "each of them needs a login of its own"),
    "same-start-url": Code(INFO, "each of them needs a login of its own"),
    "region-of-host": Code(ERROR, "a login ends with invalid_grant"),
    "region-of-page": Code(ERROR, "a login ends with invalid_grant"),
    "no-scope": Code(WARNING, "the login gives no access to accounts"),
    "account-access": Code(ERROR, "aws sso login does not work there"),
    "unused-session": Code(INFO, "no profile needs a login to it"),
    "session-ended": Code(WARNING, "the next command needs a login"),
    "no-login": Code(INFO, "the next command needs a login"),
    "not-renewable": Code(INFO, "a login is due when it ends"),
    "odd-time": Code(WARNING, "the JavaScript and Go SDKs refuse it"),
    "odd-token": Code(WARNING, "every tool takes it for none"),
    "stuck-registration": Code(WARNING, "a login with it fails"),
    # variables
    "in-rc-file": Code(WARNING, "it is there in each new terminal"),
    "endpoint": Code(WARNING, "requests go there and not to AWS"),
    "ca-bundle": Code(ERROR, "every request fails"),
    "no-metadata": Code(INFO, "credentials of an EC2 instance are not used"),
    "locale": Code(INFO, "names outside of ASCII are drawn as ?"),
    # programs
    "no-cli": Code(INFO, "awsx logs in by itself, and `aws` is not found"),
    "cli-v1": Code(WARNING, "it cannot log in to IAM Identity Center"),
    "cli-too-old": Code(WARNING, "it does not know what the config uses"),
    "auto-prompt": Code(WARNING, "aws stops in a full screen and waits for a person"),
    "another-awsx": Code(WARNING, "scripts run that one"),
    "terraform-too-old": Code(WARNING, "its S3 backend cannot read an sso-session"),
    # awsx itself
    "dead-pin": Code(WARNING, "the pin changes nothing"),
    "bad-settings": Code(ERROR, "no profile is guarded, and awsx refuses to switch"),
    "not-loaded": Code(WARNING, "awsx cannot change this terminal"),
    "not-installed": Code(WARNING, "new terminals do not have it"),
    "loaded-twice": Code(INFO, "each terminal loads it two times"),
    "loads-another": Code(WARNING, "new terminals run another awsx than this one"),
    "shown-twice": Code(INFO, "the prompt shows the profile two times"),
    "old-bash": Code(INFO, "a prompt or switch may be up to a second behind a file"),
}


def found(code: str, place: str, what: str, remedy: str) -> Finding:
    """A finding of doctor's own: what is wrong, and its effect."""
    severity, effect = CODES[code]
    return Finding(code, severity, place, f"{what}; {effect}", remedy)
