// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/hclreader.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

class Reader
{
public:
    explicit Reader(QString text)
        : m_text(std::move(text))
    {
    }

    std::optional<std::vector<HclBlock>> file()
    {
        HclBlock root;
        body(root);
        if (m_failed || m_at != m_text.size() || !root.attributes.isEmpty()) {
            return std::nullopt;
        }
        return root.blocks;
    }

private:
    static constexpr auto kWord = "[A-Za-z_][A-Za-z0-9_-]*";

    QString take(const QString& pattern)
    {
        const QRegularExpression expression(pattern);
        const auto match = expression.match(m_text, m_at, QRegularExpression::NormalMatch,
            QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch()) {
            return {};
        }
        m_at = match.capturedEnd();
        return match.captured();
    }

    bool skip(const QString& literal)
    {
        const bool found = QStringView(m_text).mid(m_at).startsWith(literal);
        m_at += found ? literal.size() : 0;
        return found;
    }

    void need(bool condition) { m_failed = m_failed || !condition; }

    void body(HclBlock& block)
    {
        for (take(u"\\s+"_s); !m_failed; take(u"\\s+"_s)) {
            const auto name = take(QString::fromLatin1(kWord));
            if (name.isEmpty()) {
                return;
            }
            take(u" +"_s);
            if (skip(u"="_s)) {
                take(u" +"_s);
                need(!block.attributes.contains(name));
                block.attributes.insert(name, value());
                need(take(u" *\\n"_s).endsWith(u'\n'));
                continue;
            }
            HclBlock inner { .type = name };
            while (skip(u"\""_s)) {
                inner.labels.append(quoted());
                take(u" +"_s);
            }
            need(skip(u"{\n"_s));
            body(inner);
            need(skip(u"}\n"_s));
            block.blocks.push_back(std::move(inner));
        }
    }

    HclValue value()
    {
        if (skip(u"\""_s)) {
            return { .kind = HclValue::Kind::Text, .text = quoted() };
        }
        if (skip(u"<<-"_s)) {
            return { .kind = HclValue::Kind::Text, .text = hereDocument() };
        }
        if (skip(u"["_s)) {
            HclValue list { .kind = HclValue::Kind::List };
            while (!m_failed && !skip(u"]"_s)) {
                need(list.items.empty() || skip(u", "_s));
                list.items.push_back(value());
            }
            return list;
        }
        if (skip(u"{\n"_s)) {
            HclBlock object;
            body(object);
            need(skip(u"}"_s));
            return { .text = u"{}"_s };
        }
        const HclValue expression { .text = take(u"[A-Za-z_][A-Za-z0-9_.-]*"_s) };
        need(!expression.text.isEmpty());
        return expression;
    }

    /// Behind the opening quote, up to and with the closing one.
    QString quoted()
    {
        QString out;
        while (!m_failed && !skip(u"\""_s)) {
            if (skip(u"\\u"_s)) {
                const auto hex = take(u"[0-9a-f]{4}"_s);
                need(!hex.isEmpty());
                out += QChar(hex.toUShort(nullptr, 16));
            } else if (skip(u"\\"_s)) {
                const auto escape = take(u"[n\"\\\\]"_s);
                need(!escape.isEmpty());
                out += escape == u"n" ? u"\n"_s : escape;
            } else {
                const auto piece = plain();
                need(piece != u"\n");
                out += piece;
            }
        }
        return out;
    }

    /// One character, or an escaped template mark.
    QString plain()
    {
        for (const auto& mark : { u"${"_s, u"%{"_s }) {
            if (skip(mark.front() + mark)) {
                return mark;
            }
            need(!QStringView(m_text).mid(m_at).startsWith(mark));
        }
        need(m_at < m_text.size());
        return m_failed ? QString() : QString(m_text.at(m_at++));
    }

    QString hereDocument()
    {
        const auto end = take(u"[A-Z]+"_s);
        need(!end.isEmpty() && skip(u"\n"_s));
        QStringList lines;
        for (;;) {
            const auto lineEnd = m_text.indexOf(u'\n', m_at);
            need(lineEnd >= 0);
            if (m_failed) {
                return {};
            }
            if (m_text.mid(m_at, lineEnd - m_at).trimmed() == end) {
                m_at = lineEnd; // the break ends the attribute
                break;
            }
            QString line;
            while (!m_failed && m_at < lineEnd) {
                line += plain();
            }
            m_at = lineEnd + 1;
            lines.append(line);
        }
        qsizetype indent = m_text.size();
        for (const auto& line : lines) {
            qsizetype blanks = 0;
            while (blanks < line.size() && line.at(blanks) == u' ') {
                ++blanks;
            }
            indent = std::min(indent, blanks);
        }
        QString out;
        for (const auto& line : lines) {
            out += line.mid(indent) + u'\n';
        }
        return out;
    }

    QString m_text;
    qsizetype m_at = 0;
    bool m_failed = false;
};

} // namespace

std::optional<std::vector<HclBlock>> readHcl(const QByteArray& text)
{
    return Reader(QString::fromUtf8(text)).file();
}

} // namespace portreeve::test
