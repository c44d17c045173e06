// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/base58.h"

#include <QLatin1StringView>

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
constexpr auto kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"_L1;

/// Digits of a number, the least first, carried from one base to the other.
class Digits
{
public:
    explicit Digits(unsigned base)
        : m_base(base)
    {
    }

    void multiplyAndAdd(unsigned factor, unsigned carry)
    {
        for (auto& digit : m_digits) {
            carry += digit * factor;
            digit = static_cast<std::uint8_t>(carry % m_base);
            carry /= m_base;
        }
        for (; carry > 0; carry /= m_base) {
            m_digits.push_back(static_cast<std::uint8_t>(carry % m_base));
        }
    }

    const std::vector<std::uint8_t>& leastFirst() const { return m_digits; }

private:
    unsigned m_base;
    std::vector<std::uint8_t> m_digits;
};
} // namespace

QString toBase58(const QByteArray& bytes)
{
    Digits digits(58);
    for (const char byte : bytes) {
        digits.multiplyAndAdd(256, static_cast<std::uint8_t>(byte));
    }
    const auto zeros = std::ranges::find_if(bytes, [](char byte) { return byte != 0; });
    QString text(std::distance(bytes.begin(), zeros), kAlphabet.front());
    const auto& values = digits.leastFirst();
    for (const auto digit : values | std::views::reverse) {
        text += kAlphabet.at(digit);
    }
    return text;
}

std::optional<QByteArray> fromBase58(const QString& text)
{
    Digits digits(256);
    for (const QChar character : text) {
        const auto value = kAlphabet.indexOf(character);
        if (value < 0) {
            return std::nullopt;
        }
        digits.multiplyAndAdd(58, static_cast<unsigned>(value));
    }
    const auto ones = std::ranges::find_if(
        text, [](QChar character) { return character != kAlphabet.front(); });
    QByteArray bytes(std::distance(text.begin(), ones), '\0');
    const auto& values = digits.leastFirst();
    for (const auto digit : values | std::views::reverse) {
        bytes += static_cast<char>(digit);
    }
    return bytes;
}

} // namespace portreeve::devices
