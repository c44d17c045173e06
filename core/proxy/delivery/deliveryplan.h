// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/changeset.h"
#include "core/store/pushrecords.h"
#include "core/sync/guard.h"

#include <QJsonObject>
#include <QSet>

#include <optional>
#include <vector>

namespace portreeve {

/// One thing a delivery adds, changes or removes at a target.
struct DeliveryChange
{
    DeliveredKind kind = DeliveredKind::User;
    ChangeAction action = ChangeAction::Add; ///< Add, Update or Remove
    QString id {}; ///< as the target knows it
    QString name {}; ///< for people; the id where there is none
    std::vector<AttributeChange> fields {}; ///< of updates; of routes and policies also when added
    bool isForeign = false; ///< somebody else put what is replaced or removed
};

/// Something that is left as it is, and why.
struct DeliveryRow
{
    DeliveredKind kind = DeliveredKind::User;
    QString id {};
    QString name {};
    Message what {};
    Message remedy {};
};

/// A file the delivery replaces, or finds as it should be.
struct DeliveryFile
{
    QString path {};
    bool exists = false;
    bool differs = false;
    std::int64_t bytes = 0; ///< of the new content
};

/// Everything a delivery to one target would do, to be looked at first. Content of an operator's
/// own file never gets in here: it holds secrets.
struct DeliveryPlan
{
    QString targetId {};
    QString targetName {};
    std::int64_t generation = 0; ///< of the directory it was made from
    std::uint64_t serverVersion = 0; ///< of the databroker; 0 = another channel

    std::vector<DeliveryChange>
        changes {}; ///< groups, users, policies, routes; in order of sending
    PushCounts counts {}; ///< what the changes amount to
    std::vector<DeliveryFile> files {};

    std::vector<DeliveryRow> foreign {}; ///< records of somebody else: adopt, delete or keep
    std::vector<DeliveryRow> refusals {}; ///< what this target cannot be given
    std::vector<DeliveryRow> conflicts {}; ///< what somebody else has in our place
    std::vector<DeliveryRow> warnings {}; ///< seen at the target, not of our making
    std::vector<Error> blocked {}; ///< channels through which nothing can go as things are
    std::vector<Message> notes {};

    Verdict verdict = Verdict::Nothing;
    std::vector<Message> heldReasons {};

    bool accessKnown = false; ///< whether `access` could be computed
    std::vector<AccessChange> access {}; ///< by user id, then route

    /// SHA-256, hex, over what would be written and what holds it.
    QString planHash {};

    bool isEmpty() const { return changes.empty() && !changesFiles(); }

    bool changesFiles() const;

    /// Keys as in cli.md. No secrets; of people ids, names and what changes.
    QJsonObject toJson() const;
};

/// What a person decided about things of somebody else at the target.
struct DeliveryChoices
{
    /// Records nobody has decided about yet.
    enum class Foreign { LeaveAlone, Adopt, Delete, Keep };
    Foreign foreign = Foreign::LeaveAlone;
    QSet<QString> adopt {}; ///< ids of policies and routes that become ours
};

QString foreignChoiceName(DeliveryChoices::Foreign choice); ///< "leave_alone", "adopt", ...
std::optional<DeliveryChoices::Foreign> foreignChoiceFromName(QStringView name);

} // namespace portreeve
