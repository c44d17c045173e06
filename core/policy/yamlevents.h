// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QByteArrayView>

#include <yaml.h>

#include <algorithm>

namespace portreeve::policy {

/// One event of libyaml, freed with its scope.
struct Event
{
    yaml_event_t raw {};

    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    Event(Event&&) = delete;
    Event& operator=(Event&&) = delete;

    ~Event() { yaml_event_delete(&raw); }
};

inline Position positionOf(const yaml_mark_t& mark)
{
    return { .line = static_cast<int>(mark.line) + 1, .column = static_cast<int>(mark.column) + 1 };
}

inline QString textOf(const yaml_char_t* text)
{
    return text == nullptr ? QString()
                           : QString::fromUtf8(reinterpret_cast<const char*>(text)); // NOLINT
}

/// Position of a byte in the text.
inline Position positionOf(const QByteArray& text, qsizetype offset)
{
    const auto before = QByteArrayView(text).first(std::min(offset, text.size()));
    const auto lineStart = before.lastIndexOf('\n') + 1;
    return { .line = static_cast<int>(before.count('\n')) + 1,
        .column = static_cast<int>(QString::fromUtf8(before.sliced(lineStart)).size()) + 1 };
}

/// Counts brackets while a collection is built.
class FlowLevel
{
public:
    FlowLevel(int& depth, bool isFlow)
        : m_depth(depth)
        , m_isFlow(isFlow)
    {
        m_depth += m_isFlow ? 1 : 0;
    }

    ~FlowLevel() { m_depth -= m_isFlow ? 1 : 0; }

    FlowLevel(const FlowLevel&) = delete;
    FlowLevel& operator=(const FlowLevel&) = delete;
    FlowLevel(FlowLevel&&) = delete;
    FlowLevel& operator=(FlowLevel&&) = delete;

private:
    int& m_depth;
    bool m_isFlow;
};

} // namespace portreeve::policy
