// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>

#include <functional>

namespace portreeve {

/// Reads one JSON array of objects from pieces of any size, one object at a time, so that a whole
/// directory need not be in memory. `null` counts as an empty array.
class JsonArrayReader
{
public:
    using Sink = std::function<Result<void>(const QJsonObject&)>;

    JsonArrayReader(Sink sink, qsizetype mostBytesPerObject);

    /// @return what the sink returns, BadResponse at the first wrong byte, LimitExceeded
    Result<void> feed(QByteArrayView bytes);

    /// At the end of the text. @return BadResponse when it is cut off
    Result<void> finish();

private:
    enum class State { Start, Null, BeforeFirst, BeforeNext, InObject, AfterObject, End };

    Result<void> take(char character);
    Result<void> takeInObject(char character);
    Result<void> completeObject();

    Sink m_sink;
    qsizetype m_limit;
    State m_state = State::Start;
    QByteArray m_text; // of the object being read, or of "null"
    int m_depth = 0;
    bool m_isInString = false;
    bool m_isEscaped = false;
};

} // namespace portreeve
