// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/filter.h"

#include <QString>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
constexpr int kDeepest = 100;

/// Recursive descent over the grammar of RFC 4515; stops at the first fault.
class FilterReader
{
public:
    explicit FilterReader(QStringView text)
        : m_text(text)
    {
    }

    std::optional<FilterFault> check()
    {
        if (readFilter(0) && m_position < m_text.size()) {
            fail(QT_TRANSLATE_NOOP("Message", "Something follows the closing parenthesis."));
        }
        return m_fault;
    }

private:
    bool readFilter(int depth);
    bool readList(int depth);
    bool readItem();
    bool readAttribute();
    bool readValue(bool wildcards);

    bool at(char16_t c) const { return m_position < m_text.size() && m_text[m_position] == c; }

    bool skip(char16_t c)
    {
        if (!at(c)) {
            return false;
        }
        ++m_position;
        return true;
    }

    bool fail(const char* what)
    {
        m_fault = FilterFault { .position = m_position, .what = message(what) };
        return false;
    }

    QStringView m_text;
    qsizetype m_position = 0;
    std::optional<FilterFault> m_fault;
};

bool FilterReader::readFilter(int depth)
{
    if (depth > kDeepest) {
        return fail(QT_TRANSLATE_NOOP("Message", "The parentheses are nested too deeply."));
    }
    if (!skip(u'(')) {
        return fail(QT_TRANSLATE_NOOP("Message", "An opening parenthesis is missing."));
    }
    bool ok = false;
    if (skip(u'&') || skip(u'|')) {
        ok = readList(depth);
    } else if (skip(u'!')) {
        ok = readFilter(depth + 1);
    } else {
        ok = readItem();
    }
    if (!ok) {
        return false;
    }
    return skip(u')') || fail(QT_TRANSLATE_NOOP("Message", "A closing parenthesis is missing."));
}

bool FilterReader::readList(int depth)
{
    while (at(u'(')) {
        if (!readFilter(depth + 1)) {
            return false;
        }
    }
    return true;
}

bool FilterReader::readItem()
{
    const qsizetype start = m_position;
    if (!readAttribute()) {
        return false;
    }
    const bool named = m_position > start;
    if (skip(u':')) { // attribute:dn:rule:=value
        while (m_position < m_text.size() && !at(u'=') && !at(u')') && !at(u'(')) {
            ++m_position;
        }
        if (!skip(u'=') || m_text[m_position - 2] != u':') {
            return fail(QT_TRANSLATE_NOOP("Message", "A matching rule must end with “:=”."));
        }
        return readValue(false);
    }
    if (!named) {
        return fail(QT_TRANSLATE_NOOP("Message", "An attribute name is missing."));
    }
    const bool ordering = skip(u'>') || skip(u'<') || skip(u'~');
    if (!skip(u'=')) {
        return fail(QT_TRANSLATE_NOOP("Message", "“=” is missing after the attribute name."));
    }
    return readValue(!ordering);
}

bool FilterReader::readAttribute()
{
    while (m_position < m_text.size()) {
        const char16_t c = m_text[m_position].unicode();
        const bool part = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z')
            || (c >= u'0' && c <= u'9') || c == u'-' || c == u'.' || c == u';' || c == u'_';
        if (!part) {
            break;
        }
        ++m_position;
    }
    return true;
}

bool FilterReader::readValue(bool wildcards)
{
    const auto isHex = [this](qsizetype position) {
        if (position >= m_text.size()) {
            return false;
        }
        const char16_t c = m_text[position].unicode();
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
    };
    while (m_position < m_text.size() && !at(u')')) {
        if (at(u'(')) {
            return fail(QT_TRANSLATE_NOOP(
                "Message", "A parenthesis inside a value must be written as \\28 or \\29."));
        }
        if (at(u'*') && !wildcards) {
            return fail(QT_TRANSLATE_NOOP(
                "Message", "“*” cannot stand here. As a plain character it is written \\2a."));
        }
        if (at(u'\\')) {
            if (!isHex(m_position + 1) || !isHex(m_position + 2)) {
                return fail(QT_TRANSLATE_NOOP(
                    "Message", "A backslash must be followed by two hexadecimal digits."));
            }
            m_position += 2;
        }
        ++m_position;
    }
    return true;
}
} // namespace

QByteArray escapeFilterValue(QByteArrayView value)
{
    QByteArray out;
    out.reserve(value.size());
    for (const char c : value) {
        switch (c) {
        case '*':
            out += "\\2a";
            break;
        case '(':
            out += "\\28";
            break;
        case ')':
            out += "\\29";
            break;
        case '\\':
            out += "\\5c";
            break;
        case '\0':
            out += "\\00";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::optional<FilterFault> findFilterFault(QStringView filter)
{
    return FilterReader(filter).check();
}

QByteArray bothFilters(const QByteArray& a, const QByteArray& b)
{
    return b.isEmpty() ? a : QByteArray("(&" + a + b + ')');
}

} // namespace portreeve::ldap
