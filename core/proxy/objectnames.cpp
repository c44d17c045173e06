// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/objectnames.h"

#include <QCryptographicHash>
#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr qsizetype kLongest = 63;
constexpr qsizetype kSuffix = 8;

QChar separatorOf(NameRule rule)
{
    return rule == NameRule::DnsLabel ? u'-' : u'_';
}

bool isPlain(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
}

QString cut(QString text, qsizetype length, QChar separator)
{
    text.truncate(length);
    while (text.endsWith(separator)) {
        text.chop(1);
    }
    return text;
}

QString slugOf(const QString& name, NameRule rule)
{
    const auto separator = separatorOf(rule);
    QString out;
    // letters with marks keep their letter: "Größe" is "gro-e", not "gr-e"
    const auto parts = name.normalized(QString::NormalizationForm_KD).toLower();
    for (const auto c : parts) {
        if (isPlain(c)) {
            out += c;
        } else if (!c.isMark() && !out.isEmpty() && !out.endsWith(separator)) {
            out += separator;
        }
    }
    if (rule == NameRule::Identifier && !out.isEmpty() && out.front().isDigit()) {
        out.prepend(separator);
    }
    return cut(out, kLongest, separator);
}

QString suffixOf(const QString& id)
{
    const auto hash = QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex().left(kSuffix));
}

QString withSuffix(const QString& slug, const QString& id, NameRule rule)
{
    const auto separator = separatorOf(rule);
    const QString stem = slug.isEmpty() ? u"x"_s : cut(slug, kLongest - kSuffix - 1, separator);
    return stem + separator + suffixOf(id);
}

} // namespace

std::vector<QString> objectNames(const std::vector<NamedObject>& objects, NameRule rule)
{
    std::vector<QString> slugs;
    slugs.reserve(objects.size());
    QHash<QString, int> uses;
    QSet<QString> unchanged;
    for (const auto& object : objects) {
        slugs.push_back(slugOf(object.name, rule));
        ++uses[slugs.back()];
        if (slugs.back() == object.name) {
            unchanged.insert(object.name);
        }
    }
    std::vector<QString> out;
    out.reserve(objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto& slug = slugs[i];
        const bool keeps = !slug.isEmpty()
            && (uses.value(slug) == 1 || (unchanged.contains(slug) && slug == objects[i].name));
        out.push_back(keeps ? slug : withSuffix(slug, objects[i].id, rule));
    }
    return out;
}

} // namespace portreeve
