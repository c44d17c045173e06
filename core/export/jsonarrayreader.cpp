// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/jsonarrayreader.h"

#include <QJsonDocument>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr char kNull[] = "null";

bool isSpace(char character)
{
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

Error malformed(const QString& detail)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message", "A list of records is not sound JSON.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Have the file written again by the program it comes from.")),
        .detail = detail };
}
} // namespace

JsonArrayReader::JsonArrayReader(Sink sink, qsizetype mostBytesPerObject)
    : m_sink(std::move(sink))
    , m_limit(mostBytesPerObject)
{
}

Result<void> JsonArrayReader::feed(QByteArrayView bytes)
{
    for (const char character : bytes) {
        auto taken = m_state == State::InObject ? takeInObject(character) : take(character);
        if (!taken) {
            return taken;
        }
    }
    return {};
}

Result<void> JsonArrayReader::take(char character)
{
    if (isSpace(character) && m_state != State::Null) {
        return {};
    }
    if (m_state == State::Start && character == '[') {
        m_state = State::BeforeFirst;
        return {};
    }
    if ((m_state == State::Start && character == 'n') || m_state == State::Null) {
        m_text += character;
        m_state = m_text == kNull ? State::End : State::Null;
        return QByteArrayView(kNull).startsWith(m_text)
            ? Result<void>()
            : Result<void>(malformed(u"neither an array nor null"_s));
    }
    if ((m_state == State::BeforeFirst || m_state == State::BeforeNext) && character == '{') {
        m_state = State::InObject;
        m_text.clear();
        return takeInObject(character);
    }
    if ((m_state == State::BeforeFirst || m_state == State::AfterObject) && character == ']') {
        m_state = State::End;
        return {};
    }
    if (m_state == State::AfterObject && character == ',') {
        m_state = State::BeforeNext;
        return {};
    }
    return malformed(u"unexpected character between the records"_s);
}

// Only where the object ends is found here; whether it is sound, Qt's parser says.
Result<void> JsonArrayReader::takeInObject(char character)
{
    if (m_text.size() >= m_limit) {
        return Error { .code = ErrorCode::LimitExceeded,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "A single record is larger than %1 bytes."),
                QString::number(m_limit)),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Check that the file is a directory bundle and not something else.")) };
    }
    m_text += character;
    if (m_isInString) {
        const bool ends = character == '"' && !m_isEscaped;
        m_isEscaped = character == '\\' && !m_isEscaped;
        m_isInString = !ends;
        return {};
    }
    if (character == '"') {
        m_isInString = true;
    } else if (character == '{' || character == '[') {
        ++m_depth;
    } else if (character == '}' || character == ']') {
        --m_depth;
        return m_depth == 0 ? completeObject() : Result<void>();
    }
    return {};
}

Result<void> JsonArrayReader::completeObject()
{
    m_state = State::AfterObject;
    QJsonParseError parsing;
    const auto document = QJsonDocument::fromJson(m_text, &parsing);
    if (parsing.error != QJsonParseError::NoError || !document.isObject()) {
        return malformed(parsing.errorString());
    }
    return m_sink(document.object());
}

Result<void> JsonArrayReader::finish()
{
    if (m_state == State::End) {
        return {};
    }
    return malformed(u"the text ends before the list does"_s);
}

} // namespace portreeve
