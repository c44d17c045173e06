// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

#include <QtGlobal>

#include <utility>
#include <variant>

namespace portreeve {

/// A value or an Error; the surface of std::expected, which C++20 lacks.
template <typename T> class [[nodiscard]] Result
{
public:
    using ValueType = T;

    Result(T value) // NOLINT(google-explicit-constructor): return value;
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }

    Result(Error error) // NOLINT(google-explicit-constructor): return error;
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    bool hasValue() const { return m_state.index() == 0; }

    explicit operator bool() const { return hasValue(); }

    const T& value() const&
    {
        Q_ASSERT(hasValue());
        return *std::get_if<0>(&m_state);
    }

    T& value() &
    {
        Q_ASSERT(hasValue());
        return *std::get_if<0>(&m_state);
    }

    T&& value() &&
    {
        Q_ASSERT(hasValue());
        return std::move(*std::get_if<0>(&m_state));
    }

    const T& operator*() const& { return value(); }

    T& operator*() & { return value(); }

    T&& operator*() && { return std::move(*this).value(); }

    const T* operator->() const { return &value(); }

    T* operator->() { return &value(); }

    const Error& error() const
    {
        Q_ASSERT(!hasValue());
        return *std::get_if<1>(&m_state);
    }

    T valueOr(T fallback) const
    {
        if (hasValue()) {
            return value();
        }
        return fallback;
    }

private:
    std::variant<T, Error> m_state;
};

template <> class [[nodiscard]] Result<void>
{
public:
    using ValueType = void;

    Result() = default;

    Result(Error error) // NOLINT(google-explicit-constructor): return error;
        : m_error(std::move(error))
    {
    }

    bool hasValue() const { return !m_error.has_value(); }

    explicit operator bool() const { return hasValue(); }

    const Error& error() const
    {
        Q_ASSERT(m_error.has_value());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace portreeve
