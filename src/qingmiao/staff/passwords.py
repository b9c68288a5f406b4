"""What a password must be. Length counts, composition and rotation do not (OWASP ASVS 6.2); a profile may add both."""

from __future__ import annotations

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qingmiao.staff.models import User


class LongEnough(MinimumLengthValidator):
    """Django's rule, said in our words: its own catalogue lacks the Chinese."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return _("At least {length} characters; several words in a row are easy to keep.").format(
            length=self.min_length
        )


class NotCommon(CommonPasswordValidator):
    """Not one of the passwords that everybody tries first."""

    def get_error_message(self) -> str:
        return _("This password is on the list that everybody tries first. Choose another.")

    def get_help_text(self) -> str:
        return ""


class NotOneself:
    """Not the account's own name, nor the place's brand."""

    def validate(self, password: str, user: User | None = None) -> None:
        words = {"qingmiao", *((user.username.lower(), user.display_name.lower()) if user else ())}
        if any(len(word) > 2 and word in password.lower() for word in words):
            raise ValidationError(_("The password contains the account's name. Choose another."), code="oneself")

    def get_help_text(self) -> str:
        return ""
