// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/policyrefusal.h"

#include "core/policy/parser.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

Error policyRefusal(const PolicyEntity& policy, const Error& refusal)
{
    const auto parsed = policy::parsePolicy(policy.sourcePpl.toUtf8());
    const auto& found = parsed.diagnostics;
    const auto fault
        = std::find_if(found.begin(), found.end(), [](const policy::Diagnostic& diagnostic) {
              return diagnostic.severity == policy::Severity::Error;
          });
    auto out = fault != found.end()
        ? refusal.wrappedIn(message(
              QT_TRANSLATE_NOOP("Message", "The policy \"%1\" is wrong in line %2, column %3: %4"),
              policy.name, QString::number(fault->at.line), QString::number(fault->at.column),
              fault->what.english()))
        : refusal.wrappedIn(message(
              QT_TRANSLATE_NOOP("Message",
                  "The proxy cannot read the policy \"%1\", in which Portreeve finds no fault."),
              policy.name));
    out.remedy = fault != found.end()
        ? fault->fix
        : message(QT_TRANSLATE_NOOP("Message",
              "The two read the policy language differently. Write the policy in another way, and "
              "report the text as a fault of Portreeve."));
    out.field = u"sourcePpl"_s;
    return out;
}

} // namespace portreeve::configservice
