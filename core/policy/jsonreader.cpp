// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/texttree.h"

#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

/// Strict JSON. Not QJsonDocument: that loses the text of numbers, places and duplicate keys.
class JsonReader
{
public:
    explicit JsonReader(const QString& text)
        : m_text(text)
    {
    }

    TextTree read()
    {
        TextTree tree;
        skipSpace();
        auto root = readValue(1);
        skipSpace();
        if (root && m_next < m_text.size()) {
            fail(QT_TRANSLATE_NOOP(
                     "Message", "There is more text behind the end of the JSON value."),
                QT_TRANSLATE_NOOP("Message", "Remove it; JSON knows no comments either."));
            root.reset();
        }
        tree.diagnostics = std::move(m_diagnostics);
        tree.root = std::move(root);
        return tree;
    }

private:
    QChar peek() const { return m_next < m_text.size() ? m_text.at(m_next) : QChar(); }

    bool atEnd() const { return m_next >= m_text.size(); }

    void advance()
    {
        const auto c = m_text.at(m_next++);
        if (c == u'\n') {
            ++m_at.line;
            m_at.column = 1;
        } else if (!c.isLowSurrogate()) {
            ++m_at.column;
        }
    }

    void skipSpace()
    {
        while (
            !atEnd() && (peek() == u' ' || peek() == u'\t' || peek() == u'\n' || peek() == u'\r')) {
            advance();
        }
    }

    bool take(QChar expected)
    {
        if (atEnd() || peek() != expected) {
            return false;
        }
        advance();
        return true;
    }

    std::nullopt_t fail(const char* what, const char* fix = "")
    {
        if (m_diagnostics.empty() || m_diagnostics.back().severity != Severity::Error) {
            m_diagnostics.push_back({ .code = u"invalid_json"_s,
                .at = m_at,
                .what = Message(what),
                .fix = Message(fix) });
        }
        return std::nullopt;
    }

    std::optional<Node> readValue(int depth)
    {
        if (depth > kDeepestNesting) {
            return fail(QT_TRANSLATE_NOOP(
                "Message", "The text is nested more than 64 levels deep, which no policy needs."));
        }
        if (atEnd()) {
            return fail(QT_TRANSLATE_NOOP("Message", "The JSON text ends too early."));
        }
        const auto c = peek();
        if (c == u'{') {
            return readObject(depth);
        }
        if (c == u'[') {
            return readArray(depth);
        }
        Node node { .at = m_at };
        if (c == u'"') {
            auto text = readString();
            if (!text) {
                return std::nullopt;
            }
            node.scalar = Value(std::move(*text));
            return node;
        }
        if (c == u'-' || (c >= u'0' && c <= u'9')) {
            return readNumber();
        }
        for (const auto& [word, value] : { std::pair(u"true"_s, Value(true)),
                 std::pair(u"false"_s, Value(false)), std::pair(u"null"_s, Value()) }) {
            if (QStringView(m_text).mid(m_next).startsWith(word)) {
                m_next += word.size();
                m_at.column += static_cast<int>(word.size());
                node.scalar = value;
                return node;
            }
        }
        return fail(QT_TRANSLATE_NOOP("Message", "A JSON value was expected here."),
            QT_TRANSLATE_NOOP("Message", "Put texts into double quotes."));
    }

    std::optional<Node> readArray(int depth)
    {
        Node node { .kind = Node::Kind::Sequence, .at = m_at };
        advance();
        skipSpace();
        if (take(u']')) {
            return node;
        }
        while (true) {
            skipSpace();
            auto item = readValue(depth + 1);
            if (!item) {
                return std::nullopt;
            }
            node.items.push_back(std::move(*item));
            skipSpace();
            if (take(u']')) {
                return node;
            }
            if (!take(u',')) {
                return fail(QT_TRANSLATE_NOOP(
                    "Message", "A comma or a closing bracket was expected here."));
            }
        }
    }

    std::optional<Node> readObject(int depth)
    {
        Node node { .kind = Node::Kind::Mapping, .at = m_at };
        advance();
        skipSpace();
        if (take(u'}')) {
            return node;
        }
        while (true) {
            skipSpace();
            if (!readMember(node, depth)) {
                return std::nullopt;
            }
            skipSpace();
            if (take(u'}')) {
                return node;
            }
            if (!take(u',')) {
                return fail(
                    QT_TRANSLATE_NOOP("Message", "A comma or a closing brace was expected here."));
            }
        }
    }

    bool readMember(Node& node, int depth)
    {
        const auto at = m_at;
        if (peek() != u'"') {
            fail(QT_TRANSLATE_NOOP("Message", "A key in double quotes was expected here."));
            return false;
        }
        auto key = readString();
        if (!key) {
            return false;
        }
        skipSpace();
        if (!take(u':')) {
            fail(QT_TRANSLATE_NOOP("Message", "A colon was expected behind the key."));
            return false;
        }
        skipSpace();
        auto value = readValue(depth + 1);
        if (!value) {
            return false;
        }
        addMember(node, std::move(*key), at, std::move(*value));
        return true;
    }

    void addMember(Node& node, QString key, Position at, Node value)
    {
        const auto found = std::find(node.keys.begin(), node.keys.end(), key);
        if (found == node.keys.end()) {
            node.keys.push_back(std::move(key));
            node.keyPositions.push_back(at);
            node.items.push_back(std::move(value));
            return;
        }
        const auto index = static_cast<std::size_t>(found - node.keys.begin());
        m_diagnostics.push_back({ .severity = Severity::Warning,
            .code = u"duplicate_key"_s,
            .at = at,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "The key \"%1\" stands here a second time; the first one is lost."),
                key),
            .fix = message(QT_TRANSLATE_NOOP("Message", "Join the two, or remove one.")) });
        node.keyPositions[index] = at;
        node.items[index] = std::move(value);
    }

    bool takeDigits()
    {
        const auto start = m_next;
        while (!atEnd() && peek() >= u'0' && peek() <= u'9') {
            advance();
        }
        return m_next > start;
    }

    std::optional<Node> readNumber()
    {
        Node node { .at = m_at };
        const auto start = m_next;
        take(u'-');
        const bool zero = peek() == u'0';
        const auto whole = m_next;
        bool ok = takeDigits() && (!zero || m_next == whole + 1);
        if (take(u'.')) {
            ok = takeDigits() && ok;
        }
        if (take(u'e') || take(u'E')) {
            if (!take(u'+')) {
                take(u'-');
            }
            ok = takeDigits() && ok;
        }
        if (!ok) {
            return fail(QT_TRANSLATE_NOOP("Message", "This is not a JSON number."),
                QT_TRANSLATE_NOOP(
                    "Message", "Write no leading zero, and digits on both sides of the point."));
        }
        node.scalar = Value(Value::Number { .text = m_text.mid(start, m_next - start) });
        return node;
    }

    std::optional<QString> readString()
    {
        advance();
        QString out;
        while (!atEnd()) {
            const auto c = peek();
            if (c == u'"') {
                advance();
                return out;
            }
            if (c.unicode() < 0x20) {
                return fail(QT_TRANSLATE_NOOP("Message",
                                "A JSON text must not hold a raw control character or line break."),
                    QT_TRANSLATE_NOOP("Message", "Write it as an escape, for example \\n."));
            }
            if (c != u'\\') {
                out += c;
                advance();
                continue;
            }
            advance();
            if (!readEscape(out)) {
                return fail(QT_TRANSLATE_NOOP("Message", "JSON knows no such escape."),
                    QT_TRANSLATE_NOOP("Message", "Write a backslash as two backslashes."));
            }
        }
        return fail(QT_TRANSLATE_NOOP("Message", "The closing double quote is missing."));
    }

    bool readEscape(QString& out)
    {
        static constexpr QStringView kLetters = u"\"\\/bfnrt";
        static constexpr QStringView kMeanings = u"\"\\/\b\f\n\r\t";
        if (take(u'u')) {
            return readCodeUnit(out);
        }
        const auto index = atEnd() ? -1 : kLetters.indexOf(peek());
        if (index < 0) {
            return false;
        }
        out += kMeanings.at(index);
        advance();
        return true;
    }

    std::optional<char16_t> hexUnit()
    {
        const auto digits = QStringView(m_text).mid(m_next, 4);
        bool ok = digits.size() == 4;
        for (const auto c : digits) {
            ok = ok && c.unicode() < 0x80 && c.isLetterOrNumber();
        }
        const auto unit = ok ? digits.toUShort(&ok, 16) : ushort { 0 };
        if (!ok) {
            return std::nullopt;
        }
        m_next += 4;
        m_at.column += 4;
        return static_cast<char16_t>(unit);
    }

    /// Half a surrogate pair reads as U+FFFD, as in the proxy's JSON decoder.
    bool readCodeUnit(QString& out)
    {
        const auto unit = hexUnit();
        if (!unit) {
            return false;
        }
        if (!QChar::isSurrogate(*unit)) {
            out += QChar(*unit);
            return true;
        }
        const auto rest = QStringView(m_text).mid(m_next);
        if (QChar::isHighSurrogate(*unit) && rest.startsWith(u"\\u")) {
            const auto next = m_next;
            const auto at = m_at;
            m_next += 2;
            m_at.column += 2;
            const auto low = hexUnit();
            if (low && QChar::isLowSurrogate(*low)) {
                out += QChar(*unit);
                out += QChar(*low);
                return true;
            }
            m_next = next;
            m_at = at;
        }
        out += QChar::ReplacementCharacter;
        return true;
    }

    const QString& m_text;
    qsizetype m_next = 0;
    Position m_at { .line = 1, .column = 1 };
    std::vector<Diagnostic> m_diagnostics;
};

} // namespace

TextTree readJson(const QByteArray& text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom);
    const QString decoded = decoder(text);
    if (decoder.hasError()) {
        return { .diagnostics = { { .code = u"invalid_utf8"_s,
                     .at = { .line = 1, .column = 1 },
                     .what = message(QT_TRANSLATE_NOOP("Message", "The text is not UTF-8.")),
                     .fix = message(QT_TRANSLATE_NOOP("Message", "Save it as UTF-8.")) } } };
    }
    if (decoded.startsWith(QChar::ByteOrderMark)) {
        return { .diagnostics = { { .code = u"byte_order_mark"_s,
                     .at = { .line = 1, .column = 1 },
                     .what = message(QT_TRANSLATE_NOOP("Message",
                         "The JSON text starts with a byte-order mark, which the proxy refuses.")),
                     .fix = message(QT_TRANSLATE_NOOP(
                         "Message", "Save it as UTF-8 without byte-order mark.")) } } };
    }
    return JsonReader(decoded).read();
}

} // namespace portreeve::policy
