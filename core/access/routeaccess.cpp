// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using policy::Action;
using policy::Operator;

namespace {

Message sentence(Action action, Operator op, const QString& names)
{
    const bool allow = action == Action::Allow;
    switch (op) {
    case Operator::And:
        return allow
            ? message(QT_TRANSLATE_NOOP("Message", "Allowed because all of this holds: %1."), names)
            : message(QT_TRANSLATE_NOOP("Message", "Denied because all of this holds: %1."), names);
    case Operator::Or:
        return allow ? message(QT_TRANSLATE_NOOP("Message", "Allowed because of: %1."), names)
                     : message(QT_TRANSLATE_NOOP("Message", "Denied because of: %1."), names);
    case Operator::Not:
        return allow
            ? message(
                  QT_TRANSLATE_NOOP("Message", "Allowed because none of this holds: %1."), names)
            : message(
                  QT_TRANSLATE_NOOP("Message", "Denied because none of this holds: %1."), names);
    case Operator::Nor:
        break;
    }
    return allow
        ? message(QT_TRANSLATE_NOOP("Message", "Allowed because not all of this holds: %1."), names)
        : message(QT_TRANSLATE_NOOP("Message", "Denied because not all of this holds: %1."), names);
}

} // namespace

QString reachName(Reach reach)
{
    switch (reach) {
    case Reach::No:
        return u"no"_s;
    case Reach::Depends:
        return u"depends"_s;
    case Reach::Yes:
        break;
    }
    return u"yes"_s;
}

Reach RouteAccess::reach(Row user) const
{
    return m_yes.contains(user)    ? Reach::Yes
        : m_depends.contains(user) ? Reach::Depends
                                   : Reach::No;
}

Row RouteAccess::count(Reach reach) const
{
    switch (reach) {
    case Reach::Yes:
        return m_yes.count();
    case Reach::Depends:
        return m_depends.count();
    case Reach::No:
        break;
    }
    return m_userCount - m_yes.count() - m_depends.count();
}

QString RouteAccess::partNames(const ListAnswer& list, Row user, bool undecided) const
{
    QStringList out;
    for (std::size_t i = 0; i < list.parts.size(); ++i) {
        const auto& part = *list.parts[i];
        const bool isCertain = part.certain.contains(user);
        const bool isPossible = part.possible.contains(user);
        const bool decides = list.op == Operator::Or ? isCertain
            : list.op == Operator::Nor               ? !isPossible
                                                     : true;
        if (undecided ? isPossible && !isCertain : decides) {
            out.append(list.names[i]);
        }
    }
    return out.join(u", "_s);
}

std::vector<Message> RouteAccess::because(Row user) const
{
    if (!m_active->contains(user)) {
        return { message(QT_TRANSLATE_NOOP("Message", "The account is suspended.")) };
    }
    std::vector<Message> out;
    const auto answer = reach(user);
    const auto wanted = answer == Reach::Yes ? Action::Allow : Action::Deny;
    for (const auto& list : m_lists) {
        if (answer != Reach::Depends && list.action == wanted
            && list.whole.certain.contains(user)) {
            out.push_back(sentence(list.action, list.op, partNames(list, user, false)));
        }
        const bool isOpen
            = list.whole.possible.contains(user) && !list.whole.certain.contains(user);
        if (answer == Reach::Depends && isOpen) {
            out.push_back(list.action == Action::Allow
                    ? message(QT_TRANSLATE_NOOP("Message", "Allowed depending on: %1."),
                          partNames(list, user, true))
                    : message(QT_TRANSLATE_NOOP("Message", "Denied depending on: %1."),
                          partNames(list, user, true)));
        }
    }
    if (out.empty()) {
        out.push_back(message(QT_TRANSLATE_NOOP("Message", "No allow rule admits this person.")));
    }
    return out;
}

} // namespace portreeve::access
