"""The addresses of teams, of the people in them, and of the ways into them."""

from __future__ import annotations

from django.urls import path

from accounts.views import joining, members, team_invitations, teams

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/join/", joining.join, name="team_join"),
    path("teams/invitation/<slug:token>/", joining.invitation, name="team_invitation"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/settings/", teams.change, name="team_settings"),
    path("teams/<int:pk>/deletion/", teams.delete, name="team_deletion"),
    path("teams/<int:pk>/leaving/", members.leave, name="team_leaving"),
    path("teams/<int:pk>/people/<int:user_id>/", members.member, name="team_member"),
    path("teams/<int:pk>/people/<int:user_id>/removal/", members.remove, name="team_removal"),
    path("teams/<int:pk>/invitations/", team_invitations.invite, name="team_invitations"),
    path(
        "teams/<int:pk>/invitations/<int:invitation_id>/renewal/",
        team_invitations.send_again,
        name="team_invitation_renewal",
    ),
    path(
        "teams/<int:pk>/invitations/<int:invitation_id>/revocation/",
        team_invitations.revoke,
        name="team_invitation_revocation",
    ),
]
