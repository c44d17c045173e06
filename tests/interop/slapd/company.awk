# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints ou=company as LDIF: awk -v users=2000 -v groups=100 -f company.awk. User n is in the group
# n mod (groups - 10); of the last ten groups each holds ten of the others.
BEGIN {
  base = "ou=company,dc=example,dc=org"
  people = "ou=people," base
  teams = "ou=groups," base
  unit("company", base)
  unit("people", people)
  unit("groups", teams)
  for (n = 0; n < users; n++) {
    printf "dn: uid=u%06d,%s\nobjectClass: inetOrgPerson\nuid: u%06d\n", n, people, n
    printf "cn: User %06d\nsn: %06d\ndisplayName: User %06d\n", n, n, n
    printf "mail: u%06d@example.org\n\n", n
  }
  flat = groups - 10
  for (g = 0; g < flat; g++) {
    group(g)
    for (n = g; n < users; n += flat) printf "member: uid=u%06d,%s\n", n, people
    print ""
  }
  for (g = flat; g < groups; g++) {
    group(g)
    for (n = 0; n < 10; n++) printf "member: cn=team-%04d,%s\n", (g * 10 + n) % flat, teams
    print ""
  }
}
function unit(name, dn) { printf "dn: %s\nobjectClass: organizationalUnit\nou: %s\n\n", dn, name }
function group(g) { printf "dn: cn=team-%04d,%s\nobjectClass: groupOfNames\ncn: team-%04d\n", g, teams, g }
