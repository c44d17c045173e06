// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/driftreport.h"

namespace portreeve {

namespace {

Message aboutOne(const DriftReport& drift, bool isPerson)
{
    if (drift.isDeleted) {
        return isPerson
            ? message(QT_TRANSLATE_NOOP("Message", "Somebody else deleted the record of user %1."),
                  drift.id)
            : message(QT_TRANSLATE_NOOP("Message", "Somebody else deleted the record of group %1."),
                  drift.id);
    }
    return isPerson
        ? message(QT_TRANSLATE_NOOP("Message", "Somebody else changed the record of user %1."),
              drift.id)
        : message(QT_TRANSLATE_NOOP("Message", "Somebody else changed the record of group %1."),
              drift.id);
}

Message aboutMany(const DriftReport& drift, bool isPerson)
{
    const auto count = QString::number(drift.changes);
    return isPerson ? message(QT_TRANSLATE_NOOP("Message",
                                  "Somebody else changed %1 records, the last one of user %2."),
                          count, drift.id)
                    : message(QT_TRANSLATE_NOOP("Message",
                                  "Somebody else changed %1 records, the last one of group %2."),
                          count, drift.id);
}

} // namespace

Message whatHappened(const DriftReport& drift)
{
    if (drift.isRestart) {
        return message(
            QT_TRANSLATE_NOOP("Message", "The proxy came back without what it was given."));
    }
    if (drift.changes == 0) {
        return message(
            QT_TRANSLATE_NOOP("Message", "The proxy no longer tells what was changed meanwhile."));
    }
    const bool isPerson = drift.kind == DeliveredKind::User;
    return drift.changes == 1 ? aboutOne(drift, isPerson) : aboutMany(drift, isPerson);
}

Message whatFollows(const DriftReport& drift)
{
    return drift.isMended
        ? message(QT_TRANSLATE_NOOP("Message", "What was delivered before is put back by itself."))
        : message(QT_TRANSLATE_NOOP("Message", "Nothing is put back while deliveries are paused."));
}

} // namespace portreeve
