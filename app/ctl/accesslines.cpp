// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accesslines.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

void printAccess(Output& out, const std::vector<AccessChange>& access)
{
    for (const auto& change : access) {
        out.text((change.gained ? u"gains  "_s : u"loses  "_s) + change.userName + u" ("_s
            + change.userId + u") "_s + change.route);
    }
}

} // namespace portreeve::ctl
