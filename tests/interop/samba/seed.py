# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a provisioned domain while its server is not running: seed.py FOLDER.

OU=Example holds the nested groups of the example with corner cases around them; OU=Bulk holds 250
users in one group.
"""
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

BASE = "DC=example,DC=test"
PASSWORD = "Passw0rd!x"
EXAMPLE = "OU=Example"


def open_database(folder):
    settings = LoadParm()
    settings.load(folder + "/etc/smb.conf")
    return SamDB(url=folder + "/private/sam.ldb", session_info=system_session(), lp=settings)


def add_user(db, name, unit, mail=None):
    db.newuser(name, PASSWORD, userou=unit, useusernameascn=True, mailaddress=mail,
               givenname=name.capitalize())


def add_group(db, name, members):
    db.newgroup(name, groupou=EXAMPLE)
    if members:
        db.add_remove_group_members(name, members)


def change(db, dn, attribute, value, flag=ldb.FLAG_MOD_REPLACE):
    message = ldb.Message(ldb.Dn(db, dn))
    message[attribute] = ldb.MessageElement(value, flag, attribute)
    db.modify(message)


def seed_example(db):
    db.create_ou(f"{EXAMPLE},{BASE}")
    db.create_ou(f"OU=North,{EXAMPLE},{BASE}")
    for name in ("steve", "patrick", "bob", "john", "eve", "late"):
        add_user(db, name, EXAMPLE, f"{name}@example.test")
    add_user(db, "alice", f"OU=North,{EXAMPLE}", "alice@example.test")
    db.disable_account("(sAMAccountName=eve)")
    change(db, f"CN=late,{EXAMPLE},{BASE}", "pwdLastSet", "0")  # must change the password first

    add_group(db, "DevOps", ["john"])
    add_group(db, "Support", ["patrick", "eve"])
    add_group(db, "Engineering", ["bob", "alice", "DevOps"])
    add_group(db, "Everybody", ["steve", "Support", "Engineering"])
    add_group(db, "CycleOne", ["steve"])
    add_group(db, "CycleTwo", ["CycleOne", "alice"])
    db.add_remove_group_members("CycleOne", ["CycleTwo"])

    db.add({"dn": f"CN=supplier,{EXAMPLE},{BASE}", "objectClass": "contact"})
    change(db, f"CN=Support,{EXAMPLE},{BASE}", "member", f"CN=supplier,{EXAMPLE},{BASE}",
           ldb.FLAG_MOD_ADD)

    # A primary group of one's own: the membership is then no longer in "member".
    add_group(db, "Staff", ["bob"])
    rows = db.search(f"CN=Staff,{EXAMPLE},{BASE}", ldb.SCOPE_BASE, attrs=["primaryGroupToken"])
    change(db, f"CN=bob,{EXAMPLE},{BASE}", "primaryGroupID", str(rows[0]["primaryGroupToken"]))


def seed_bulk(db):
    db.create_ou(f"OU=Bulk,{BASE}")
    names = [f"u{number:04d}" for number in range(250)]
    for name in names:
        db.add({"dn": f"CN={name},OU=Bulk,{BASE}", "objectClass": "user", "sAMAccountName": name,
                "displayName": f"User {name}", "userAccountControl": "544"})
    db.newgroup("Bulk", groupou="OU=Bulk")
    db.add_remove_group_members("Bulk", names)


def main():
    db = open_database(sys.argv[1])
    seed_example(db)
    seed_bulk(db)


if __name__ == "__main__":
    main()
