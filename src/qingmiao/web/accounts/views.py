"""Accounts and roles: the desk of the security administrator; and everybody's own password."""

from __future__ import annotations

import secrets
from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.staff import actions
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Assignment, Role, User
from qingmiao.staff.queries import accounts_within, assignments_of
from qingmiao.web import access
from qingmiao.web.accounts.forms import AccountForm, PasswordForm, RoleForm

MANAGE = "staff.manage_account"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read two ways


def _first_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(4))


def _account(request: HttpRequest, pk: int) -> User:
    """An account that this administrator manages: one with a role below him, or one that has no role yet."""
    who = access.actor(request)
    if not who.paths_for(MANAGE):
        raise NotAllowed(MANAGE)
    return get_object_or_404(accounts_within(who), pk=pk)


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Who works here, as what."""
    who = access.actor(request)
    if not who.paths_for(MANAGE):
        raise NotAllowed(MANAGE)
    rows = [(user, assignments_of(user, on=access.today(request))) for user in accounts_within(who)]
    has_demo = any(user.is_demo and user.is_active for user, _roles in rows)
    return render(request, "accounts/accounts.html", {"rows": rows, "has_demo": has_demo})


@require_http_methods(["GET", "POST"])
def open_new(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    who = access.actor(request)
    if not who.paths_for(MANAGE):
        raise NotAllowed(MANAGE)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = _first_password()
        user = actions.open_account(
            by=who,
            username=form.cleaned_data["username"],
            display_name=form.cleaned_data["display_name"],
            password=password,
        )
        return render(request, "accounts/first_password.html", {"account": user, "password": password})
    return render(request, "accounts/open.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account with its roles, past ones too."""
    user = _account(request, pk)
    context = {
        "account": user,
        "assignments": user.assignments.select_related("organisation").order_by("-valid_from"),
        "form": RoleForm(actor=access.actor(request), initial={"valid_from": access.today(request)}),
        "today": access.today(request),
    }
    return render(request, "accounts/account.html", context)


@require_POST
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role; separation of the three administrators is refused with its reason."""
    user = _account(request, pk)
    form = RoleForm(request.POST, actor=access.actor(request))
    if not form.is_valid():
        context = {"account": user, "assignments": user.assignments.all(), "form": form, "today": access.today(request)}
        return render(request, "accounts/account.html", context, status=422)
    try:
        actions.assign_role(
            by=access.actor(request),
            user=user,
            role=Role(form.cleaned_data["role"]),
            organisation=form.cleaned_data["organisation"],
            valid_from=form.cleaned_data["valid_from"],
            valid_until=form.cleaned_data["valid_until"],
            request_id=form.cleaned_data["request_id"],
        )
    except actions.RolesExclude as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:account", pk=pk)


@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role today."""
    assignment = get_object_or_404(Assignment.objects.select_related("organisation", "user"), pk=pk)
    actions.end_assignment(by=access.actor(request), assignment=assignment, last_day=access.today(request))
    messages.success(request, _("The role ends today."))
    return redirect("accounts:account", pk=assignment.user_id)


@require_POST
def new_first_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password for somebody who lost his."""
    user, password = _account(request, pk), _first_password()
    actions.give_first_password(by=access.actor(request), user=user, password=password)
    return render(request, "accounts/first_password.html", {"account": user, "password": password})


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    user = actions.close_account(by=access.actor(request), user=_account(request, pk))
    messages.success(request, _("Closed: {account} can no longer sign in.").format(account=user.username))
    return redirect("accounts:accounts")


@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the first one must be changed before anything else."""
    user = cast(User, request.user)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_password(by=access.actor(request), user=user, password=form.cleaned_data["new"])
        except ValidationError as weak:
            form.add_error("new", weak)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("The new password holds from now on."))
            return redirect("home")
    return render(request, "accounts/own_password.html", {"form": form}, status=422 if form.errors else 200)
