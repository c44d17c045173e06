// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/teststeps.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

void printSteps(Output& out, const std::vector<TestStep>& steps)
{
    for (const auto& step : steps) {
        QString line = (step.ok ? u"ok    "_s : u"FAIL  "_s) + step.title.english() + u": "_s
            + step.what.english();
        if (!step.ok && !step.remedy.isEmpty()) {
            line += u' ' + step.remedy.english();
        }
        out.text(line);
    }
}

} // namespace portreeve::ctl
