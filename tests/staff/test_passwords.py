"""Which passwords are taken."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from qingmiao.staff.models import User

USER = User(username="liuyang", display_name="刘洋")


def test_a_long_phrase_is_taken():
    assert validate_password("quiet-harbour-19", USER) is None


@pytest.mark.parametrize("weak", ["short", "elevenchars", "qazxswedcvfr", "liuyang-liuyang-1", "my-qingmiao-2026"])
def test_weak_passwords_are_refused(weak: str):
    with pytest.raises(ValidationError):
        validate_password(weak, USER)
