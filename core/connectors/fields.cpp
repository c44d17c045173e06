// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/fields.h"

#include "core/base/time.h"

#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
using Check = std::optional<FieldProblem>;

struct Values
{
    const std::vector<FieldDescriptor>& fields;
    const OptionValues& stored;
};

const FieldDescriptor* findField(const std::vector<FieldDescriptor>& fields, const QString& key)
{
    const auto it = std::find_if(
        fields.begin(), fields.end(), [&](const auto& field) { return field.key == key; });
    return it == fields.end() ? nullptr : &*it;
}

FieldProblem problem(const FieldDescriptor& field, Message what, Message remedy)
{
    return { .key = field.key, .what = std::move(what), .remedy = std::move(remedy) };
}

Message rangeRemedy(const QString& lowest, const QString& highest)
{
    if (highest.isEmpty()) {
        return message(QT_TRANSLATE_NOOP("Message", "Enter %1 or more."), lowest);
    }
    if (lowest.isEmpty()) {
        return message(QT_TRANSLATE_NOOP("Message", "Enter %1 or less."), highest);
    }
    return message(QT_TRANSLATE_NOOP("Message", "Enter a value from %1 to %2."), lowest, highest);
}

bool isOutside(const FieldDescriptor& field, qint64 value)
{
    return (field.minimum && value < *field.minimum) || (field.maximum && value > *field.maximum);
}

Check checkInteger(const FieldDescriptor& field, const QString& value)
{
    bool isNumber = false;
    const qint64 number = value.toLongLong(&isNumber);
    if (!isNumber) {
        return problem(field,
            message(QT_TRANSLATE_NOOP("Message", "%1 is not a whole number: %2."), fieldName(field),
                value),
            message(QT_TRANSLATE_NOOP("Message", "Enter digits only.")));
    }
    if (!isOutside(field, number)) {
        return std::nullopt;
    }
    const auto text = [](const std::optional<qint64>& limit) {
        return limit ? QString::number(*limit) : QString();
    };
    return problem(field,
        message(QT_TRANSLATE_NOOP("Message", "%1 is out of range: %2."), fieldName(field), value),
        rangeRemedy(text(field.minimum), text(field.maximum)));
}

Check checkDuration(const FieldDescriptor& field, const QString& value)
{
    const auto duration = parseDuration(value);
    if (!duration) {
        return problem(field,
            message(
                QT_TRANSLATE_NOOP("Message", "%1 is not a duration: %2."), fieldName(field), value),
            duration.error().remedy);
    }
    if (!isOutside(field, duration->count())) {
        return std::nullopt;
    }
    const auto text = [](const std::optional<qint64>& limit) {
        return limit ? formatDuration(std::chrono::milliseconds(*limit)) : QString();
    };
    return problem(field,
        message(QT_TRANSLATE_NOOP("Message", "%1 is out of range: %2."), fieldName(field), value),
        rangeRemedy(text(field.minimum), text(field.maximum)));
}

Check checkScheme(const FieldDescriptor& field, const QUrl& url, const Values& values)
{
    const QString scheme = url.scheme();
    if (!field.schemes.empty()) {
        if (std::find(field.schemes.begin(), field.schemes.end(), scheme) != field.schemes.end()) {
            return std::nullopt;
        }
        const QStringList known(field.schemes.begin(), field.schemes.end());
        return problem(field,
            message(
                QT_TRANSLATE_NOOP("Message", "%1 cannot begin with %2."), fieldName(field), scheme),
            message(QT_TRANSLATE_NOOP("Message", "Use one of these: %1."), known.join(u", "_s)));
    }
    if (scheme == u"https") {
        return std::nullopt;
    }
    if (scheme != u"http") {
        return problem(field,
            message(QT_TRANSLATE_NOOP("Message", "%1 must be an https address."), fieldName(field)),
            message(QT_TRANSLATE_NOOP("Message", "Enter an address that begins with https://.")));
    }
    const bool allowed = effectiveValue(values.fields, values.stored, u"allow_http"_s) == u"true";
    if (allowed || isLoopbackHost(url.host())) {
        return std::nullopt;
    }
    return problem(field,
        message(
            QT_TRANSLATE_NOOP("Message", "%1 is an address without encryption."), fieldName(field)),
        message(QT_TRANSLATE_NOOP("Message",
            "Enter an address that begins with https://, or allow an address without encryption "
            "in the advanced settings.")));
}

Check checkUrl(const FieldDescriptor& field, const QString& value, const Values& values)
{
    const QUrl url(value, QUrl::StrictMode);
    const bool needsHost = url.scheme() != u"file";
    if (!url.isValid() || url.scheme().isEmpty() || (needsHost && url.host().isEmpty())) {
        // The value is left out: something pasted by mistake may be a secret.
        return problem(field,
            message(
                QT_TRANSLATE_NOOP("Message", "%1 is not a complete address."), fieldName(field)),
            message(QT_TRANSLATE_NOOP("Message", "Enter it like this: %1."),
                field.placeholder.isEmpty() ? u"https://id.example.org"_s : field.placeholder));
    }
    if (!url.userInfo().isEmpty()) {
        return problem(field,
            message(QT_TRANSLATE_NOOP("Message", "%1 holds a user name or password."),
                fieldName(field)),
            message(QT_TRANSLATE_NOOP("Message",
                "Remove everything before the @; credentials have fields of their own.")));
    }
    if (url.hasQuery() || url.hasFragment()) {
        return problem(field,
            message(
                QT_TRANSLATE_NOOP("Message", "%1 holds a query or a fragment."), fieldName(field)),
            message(QT_TRANSLATE_NOOP("Message", "Remove everything from the first ? or # on.")));
    }
    return checkScheme(field, url, values);
}

Check checkChoice(const FieldDescriptor& field, const QString& value)
{
    QStringList known;
    for (const auto& choice : field.choices) {
        if (choice.value == value) {
            return std::nullopt;
        }
        known.append(choice.value);
    }
    return problem(field,
        message(
            QT_TRANSLATE_NOOP("Message", "%1 has no choice called %2."), fieldName(field), value),
        message(QT_TRANSLATE_NOOP("Message", "Use one of these: %1."), known.join(u", "_s)));
}

Check checkFlag(const FieldDescriptor& field, const QString& value)
{
    if (value == u"true" || value == u"false") {
        return std::nullopt;
    }
    return problem(field,
        message(QT_TRANSLATE_NOOP("Message", "%1 is neither true nor false: %2."), fieldName(field),
            value),
        message(QT_TRANSLATE_NOOP("Message", "Enter true or false.")));
}

Check checkFile(const FieldDescriptor& field, const QString& value)
{
    constexpr qint64 mostBytes = 4LL * 1024 * 1024;
    const QFileInfo info(value);
    if (!info.isFile()) {
        return problem(field,
            message(
                QT_TRANSLATE_NOOP("Message", "%1: there is no file %2."), fieldName(field), value),
            message(QT_TRANSLATE_NOOP("Message", "Choose an existing PEM file.")));
    }
    QFile file(value);
    if (!file.open(QIODevice::ReadOnly)) {
        return problem(field,
            message(QT_TRANSLATE_NOOP("Message", "%1: the file %2 cannot be read."),
                fieldName(field), value),
            message(QT_TRANSLATE_NOOP("Message", "Give yourself the right to read it.")));
    }
    if (info.size() <= mostBytes && file.readAll().contains("-----BEGIN ")) {
        return std::nullopt;
    }
    return problem(field,
        message(QT_TRANSLATE_NOOP("Message", "%1: the file %2 is not in PEM form."),
            fieldName(field), value),
        message(QT_TRANSLATE_NOOP("Message",
            "Choose a text file that holds a line beginning with -----BEGIN. A file in DER form "
            "can be turned into one with openssl x509 -inform der.")));
}

Check checkPattern(const FieldDescriptor& field, const QString& value)
{
    if (field.pattern.isEmpty()) {
        return std::nullopt;
    }
    const QRegularExpression pattern(QRegularExpression::anchoredPattern(field.pattern));
    if (pattern.match(value).hasMatch()) {
        return std::nullopt;
    }
    return problem(field,
        message(QT_TRANSLATE_NOOP("Message", "%1 does not have the form that is asked for."),
            fieldName(field)),
        message(QT_TRANSLATE_NOOP("Message", "Enter it like this: %1."), field.example));
}

Check checkKind(const FieldDescriptor& field, const QString& value, const Values& values)
{
    switch (field.kind) {
    case FieldKind::Text:
    case FieldKind::Secret:
        return std::nullopt;
    case FieldKind::Url:
        return checkUrl(field, value, values);
    case FieldKind::Integer:
        return checkInteger(field, value);
    case FieldKind::Duration:
        return checkDuration(field, value);
    case FieldKind::Choice:
        return checkChoice(field, value);
    case FieldKind::Flag:
        return checkFlag(field, value);
    case FieldKind::File:
        return checkFile(field, value);
    }
    return std::nullopt;
}

Check checkMissing(const FieldDescriptor& field)
{
    if (!field.required) {
        return std::nullopt;
    }
    return problem(field, message(QT_TRANSLATE_NOOP("Message", "Fill in “%1”."), fieldName(field)),
        Message(field.help));
}

Check checkField(
    const FieldDescriptor& field, const Values& values, const std::vector<QString>& storedSecrets)
{
    if (field.kind == FieldKind::Secret) {
        const bool stored = std::find(storedSecrets.begin(), storedSecrets.end(), field.key)
            != storedSecrets.end();
        return stored ? std::nullopt : checkMissing(field);
    }
    const QString value = effectiveValue(values.fields, values.stored, field.key);
    if (value.isEmpty()) {
        return checkMissing(field);
    }
    auto wrong = checkKind(field, value, values);
    return wrong ? wrong : checkPattern(field, value);
}
} // namespace

bool isLoopbackHost(const QString& host)
{
    return host == u"localhost" || host.endsWith(u".localhost"_s)
        || QHostAddress(host).isLoopback();
}

QString fieldName(const FieldDescriptor& field)
{
    return QString::fromUtf8(field.label).remove(u'&');
}

bool isVisible(const FieldDescriptor& field, const std::vector<FieldDescriptor>& fields,
    const OptionValues& values)
{
    const auto holds = [&](const FieldCondition& condition) {
        const QString value = effectiveValue(fields, values, condition.key);
        if (std::find(condition.values.begin(), condition.values.end(), value)
            == condition.values.end()) {
            return false;
        }
        const auto* other = findField(fields, condition.key);
        return other == nullptr || isVisible(*other, fields, values);
    };
    return !field.visibleWhen || holds(*field.visibleWhen)
        || (field.alsoVisibleWhen && holds(*field.alsoVisibleWhen));
}

QString effectiveValue(
    const std::vector<FieldDescriptor>& fields, const OptionValues& values, const QString& key)
{
    QString stored = values.value(key).trimmed();
    if (!stored.isEmpty()) {
        return stored;
    }
    const auto* field = findField(fields, key);
    return field == nullptr ? QString() : field->defaultValue;
}

OptionValues effectiveValues(const std::vector<FieldDescriptor>& fields, const OptionValues& values)
{
    OptionValues all = values;
    for (const auto& field : fields) {
        if (field.kind != FieldKind::Secret) {
            all.insert(field.key, effectiveValue(fields, values, field.key));
        }
    }
    return all;
}

std::vector<FieldProblem> validate(const std::vector<FieldDescriptor>& fields,
    const OptionValues& values, const std::vector<QString>& storedSecrets)
{
    const Values all { .fields = fields, .stored = values };
    std::vector<FieldProblem> problems;
    for (const auto& field : fields) {
        if (!isVisible(field, fields, values)) {
            continue;
        }
        if (auto wrong = checkField(field, all, storedSecrets)) {
            problems.push_back(std::move(*wrong));
        }
    }
    return problems;
}

std::optional<Error> firstProblem(const std::vector<FieldProblem>& problems)
{
    if (problems.empty()) {
        return std::nullopt;
    }
    const auto& first = problems.front();
    return Error { .code = ErrorCode::InvalidInput,
        .what = first.what,
        .remedy = first.remedy,
        .field = first.key };
}

} // namespace portreeve
