#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the test realm as JSON: realm.py REALM SECRET

260 users (service accounts not counted) and 280 groups of all levels:
  Everyone > {Support, Engineering > DevOps}   the example of nested groups
  Crowd          250 members, more than two pages of 100
  Regions        120 sub-groups, more than one page of children
  Offices, Labs  a sub-group "Operations" each: equal names under different parents
  a > b, a/b     two groups whose path is /a/b
  Robots         a service account beside a person
eve is disabled, una's address is not verified, nomail has none, loner is in no group.
Clients, all with the same secret: directory-sync may list everything; weak-sync may query users and
groups, which answers 200 and an empty list; the -lightweight ones are the same with tokens that do
not list their roles; no-service-account cannot sign in by itself.
"""
import json
import sys

USERS = 260
GROUPS = 280
CROWD = 250


def user(name, groups=(), **changes):
    return {
        "username": name,
        "enabled": True,
        "emailVerified": True,
        "email": f"{name}@example.org",
        "firstName": name.capitalize(),
        "lastName": "Example",
        "groups": list(groups),
    } | changes


def people():
    named = [
        user("steve", ["/Everyone"]),
        user("patrick", ["/Everyone/Support"]),
        user("bob", ["/Everyone/Engineering"]),
        user("alice", ["/Everyone/Engineering"]),
        user("john", ["/Everyone/Engineering/DevOps"]),
        user("eve", ["/Offices"], enabled=False),
        user("una", ["/Offices/Operations"], emailVerified=False),
        user("nomail", ["/Labs/Operations"], email=None, firstName="", lastName=""),
        user("loner"),
        user("diana", ["/Regions/region-119", "/Robots"]),
    ]
    crowd = [user(f"crowd-{i:03d}", ["/Crowd"]) for i in range(CROWD)]
    assert len(named + crowd) == USERS
    return named + crowd


def group(name, *children):
    return {"name": name, "subGroups": list(children)}


def size(groups):
    return sum(1 + size(one["subGroups"]) for one in groups)


def tree():
    groups = [
        group("Everyone", group("Support"), group("Engineering", group("DevOps"))),
        group("Crowd"),
        group("Regions", *(group(f"region-{i:03d}") for i in range(120))),
        group("Offices", group("Operations")),
        group("Labs", group("Operations")),
        group("a", group("b")),
        group("a/b"),
        group("Robots"),
        group("Zürich 東京"),
    ]
    return groups + [group(f"team-{i:03d}") for i in range(GROUPS - size(groups))]


def service_client(name, secret, roles, lightweight):
    client = {
        "clientId": name,
        "secret": secret,
        "publicClient": False,
        "serviceAccountsEnabled": roles is not None,
        "standardFlowEnabled": False,
        "attributes": {"client.use.lightweight.access.token.enabled": str(lightweight).lower()},
    }
    account = {
        "username": f"service-account-{name}",
        "enabled": True,
        "serviceAccountClientId": name,
        "groups": ["/Robots"],
        "clientRoles": {"realm-management": roles or []},
    }
    return client, account


def realm(name, secret):
    reader = ["view-users"]
    weak = ["query-users", "query-groups"]
    pairs = [
        service_client("directory-sync", secret, reader, False),
        service_client("directory-lightweight", secret, reader, True),
        service_client("weak-sync", secret, weak, False),
        service_client("weak-lightweight", secret, weak, True),
        service_client("no-service-account", secret, None, False),
    ]
    return {
        "realm": name,
        "enabled": True,
        "accessTokenLifespan": 300,
        "groups": tree(),
        "users": people() + [account for client, account in pairs if client["serviceAccountsEnabled"]],
        "clients": [client for client, _ in pairs],
    }


json.dump(realm(sys.argv[1], sys.argv[2]), sys.stdout)
