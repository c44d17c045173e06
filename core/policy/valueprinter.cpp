// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/valueprinter.h"

#include "core/policy/number.h"
#include "core/policy/yamlscalar.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

// The proxy's YAML reader refuses longer keys, quotes included.
constexpr qsizetype kLongestKey = 1024;

bool needsUnicodeEscape(char16_t unit)
{
    // Line and paragraph separators count as line breaks to the YAML reader, which would fold them.
    return unit < 0x20 || (unit >= 0x7F && unit <= 0x9F) || unit == 0x2028 || unit == 0x2029
        || unit >= 0xFFFE;
}

QString quoted(const QString& text)
{
    QString out;
    out.reserve(text.size() + 2);
    out += u'"';
    for (const auto c : text) {
        if (c == u'"' || c == u'\\') {
            out += u'\\';
            out += c;
        } else if (needsUnicodeEscape(c.unicode())) {
            out += u"\\u%1"_s.arg(uint { c.unicode() }, 4, 16, QChar(u'0'));
        } else {
            out += c;
        }
    }
    out += u'"';
    return out;
}

/// A number as both readers of the proxy read it back to the same value, or nothing.
std::optional<QString> writableNumber(const QString& text)
{
    const auto read = resolvePlainScalar(text);
    const auto* number = read ? read->asNumber() : nullptr;
    return number != nullptr && sameNumber(number->text, text) ? std::optional(number->text)
                                                               : std::nullopt;
}

class Printer
{
public:
    explicit Printer(Format format)
        : m_json(format == Format::Json)
    {
    }

    QString print(const Value& value)
    {
        if (m_json) {
            printJson(value, 0);
            m_out += u'\n';
        } else if (isEmptyContainer(value)) {
            m_out = QString(scalarText(value) % u'\n');
        } else {
            printBlock(value, 0, false);
        }
        return std::move(m_out);
    }

    const QString& longKey() const { return m_longKey; }

    const QString& inexactNumber() const { return m_inexactNumber; }

private:
    static bool isEmptyContainer(const Value& value)
    {
        return (value.asArray() != nullptr && value.asArray()->empty())
            || (value.asObject() != nullptr && value.asObject()->empty());
    }

    static bool isContainer(const Value& value)
    {
        return value.asArray() != nullptr || value.asObject() != nullptr;
    }

    void indent(int depth) { m_out += QString(qsizetype { 2 } * depth, u' '); }

    QString keyText(const QString& key)
    {
        static const QRegularExpression plain(u"^[a-z][a-z0-9_]*(/[A-Za-z0-9_.:-]+)?\\z"_s);
        const bool isWord = key == u"true" || key == u"false" || key == u"null";
        const QString text = quoted(key);
        if (text.toUcs4().size() > kLongestKey) {
            m_longKey = key;
        }
        return !m_json && !isWord && plain.match(key).hasMatch() ? key : text;
    }

    QString scalarText(const Value& value)
    {
        if (const auto* text = value.asString()) {
            return quoted(*text);
        }
        if (const auto* truth = value.asBool()) {
            return *truth ? u"true"_s : u"false"_s;
        }
        if (const auto* number = value.asNumber()) {
            const auto text = writableNumber(number->text);
            if (!text) {
                m_inexactNumber = number->text;
            }
            return text.value_or(u"0"_s);
        }
        if (value.asArray() != nullptr) {
            return u"[]"_s;
        }
        return value.asObject() != nullptr ? u"{}"_s : u"null"_s;
    }

    /// Block style; @p inItem: the first line goes on behind "- ".
    void printBlock(const Value& value, int depth, bool inItem)
    {
        bool first = inItem;
        if (const auto* items = value.asArray()) {
            for (const auto& item : *items) {
                startLine(first, depth);
                m_out += u"- "_s;
                printNested(item, depth + 1, true);
            }
            return;
        }
        for (const auto& [key, member] : *value.asObject()) {
            startLine(first, depth);
            m_out += keyText(key);
            m_out += u':';
            printNested(member, depth + 1, false);
        }
    }

    void startLine(bool& first, int depth)
    {
        if (!first) {
            indent(depth);
        }
        first = false;
    }

    void printNested(const Value& value, int depth, bool inItem)
    {
        if (!isContainer(value) || isEmptyContainer(value)) {
            m_out += inItem ? QString() : u" "_s;
            m_out += scalarText(value);
            m_out += u'\n';
            return;
        }
        if (!inItem) {
            m_out += u'\n';
        }
        printBlock(value, depth, inItem);
    }

    void printJson(const Value& value, int depth)
    {
        if (!isContainer(value) || isEmptyContainer(value)) {
            m_out += scalarText(value);
            return;
        }
        const auto* items = value.asArray();
        m_out += items != nullptr ? u"[\n"_s : u"{\n"_s;
        bool first = true;
        const auto separate = [&] {
            m_out += first ? QString() : u",\n"_s;
            first = false;
            indent(depth + 1);
        };
        if (items != nullptr) {
            for (const auto& item : *items) {
                separate();
                printJson(item, depth + 1);
            }
        } else {
            for (const auto& [key, member] : *value.asObject()) {
                separate();
                m_out += keyText(key);
                m_out += u": "_s;
                printJson(member, depth + 1);
            }
        }
        m_out += u'\n';
        indent(depth);
        m_out += items != nullptr ? u']' : u'}';
    }

    bool m_json;
    QString m_out;
    QString m_longKey;
    QString m_inexactNumber;
};

Error refusal(Message what, Message remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .field = u"policy"_s };
}

} // namespace

Result<QByteArray> printValue(const Value& value, Format format)
{
    Printer printer(format);
    const QString text = printer.print(value);
    if (!printer.longKey().isEmpty()) {
        return refusal(
            message(QT_TRANSLATE_NOOP("Message",
                        "The key that starts with \"%1\" is longer than 1,024 characters, which "
                        "the proxy refuses."),
                printer.longKey().left(40)),
            message(QT_TRANSLATE_NOOP("Message", "Shorten the key.")));
    }
    if (!printer.inexactNumber().isEmpty()) {
        return refusal(message(QT_TRANSLATE_NOOP("Message",
                                   "The proxy would not read the number %1 back exactly."),
                           printer.inexactNumber().left(80)),
            message(
                QT_TRANSLATE_NOOP("Message", "Use a smaller number, or a text in double quotes.")));
    }
    return text.toUtf8();
}

} // namespace portreeve::policy
