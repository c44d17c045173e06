// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QString>

#include <optional>
#include <vector>

namespace portreeve {

enum class FieldKind { Text, Secret, Url, Integer, Duration, Choice, Flag, File };

struct FieldChoice
{
    QString value {};
    const char* label = ""; ///< QT_TRANSLATE_NOOP("Connector", ...)
};

/// Shows a field only while another one has one of these values.
struct FieldCondition
{
    QString key {};
    std::vector<QString> values {};
};

/// Describes one option of a connector: data only, no layout and no widget.
struct FieldDescriptor
{
    QString key {}; ///< snake_case; stored; never renamed
    FieldKind kind = FieldKind::Text;
    const char* label = ""; ///< QT_TRANSLATE_NOOP("Connector", "...") with a mnemonic
    const char* help = ""; ///< one or two sentences, QT_TRANSLATE_NOOP
    QString placeholder {};
    bool required = false;
    QString defaultValue {};
    std::optional<qint64> minimum {}; ///< Integer: value; Duration: milliseconds
    std::optional<qint64> maximum {};
    const char* unit = "";
    std::vector<FieldChoice> choices {};
    QString pattern {}; ///< anchored regular expression
    QString example {}; ///< a value that matches the pattern
    /// Url: what it may begin with. Empty = a service address: https, or http for a loopback host
    /// or where the flag `allow_http` is on.
    std::vector<QString> schemes {};
    std::optional<FieldCondition> visibleWhen {};
    std::optional<FieldCondition> alsoVisibleWhen {}; ///< another way into view
    bool advanced = false;
};

/// Option values by key, without secrets. Flags are "true"/"false", numbers decimal.
using OptionValues = QHash<QString, QString>;

struct FieldProblem
{
    QString key {};
    Message what {};
    Message remedy {};
};

/// Whether @p field is in view for these values (defaults fill what is missing).
bool isVisible(const FieldDescriptor& field, const std::vector<FieldDescriptor>& fields,
    const OptionValues& values);

/// The value in force: the stored one, else the default.
QString effectiveValue(
    const std::vector<FieldDescriptor>& fields, const OptionValues& values, const QString& key);

/// Every field's value in force; keys that no field describes are kept as they are.
OptionValues effectiveValues(
    const std::vector<FieldDescriptor>& fields, const OptionValues& values);

/// The field's label without its mnemonic, for sentences.
QString fieldName(const FieldDescriptor& field);

/// localhost and the loopback addresses: what no other computer can read.
bool isLoopbackHost(const QString& host);

/// One problem per wrong field, in field order; hidden fields are not checked. The form, the
/// importer and the command line share it. @p storedSecrets: keys of secrets that are present in
/// the store.
std::vector<FieldProblem> validate(const std::vector<FieldDescriptor>& fields,
    const OptionValues& values, const std::vector<QString>& storedSecrets);

/// The first problem as an InvalidInput error with its field, or nothing.
std::optional<Error> firstProblem(const std::vector<FieldProblem>& problems);

} // namespace portreeve
