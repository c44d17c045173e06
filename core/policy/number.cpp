// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

// Far above any exponent a text of the permitted size can need, and far from overflow.
constexpr qint64 kLargestExponent = 1'000'000'000'000;

/// digits * 10^exponent, digits without zeros at either end; zero has no digits.
struct Decimal
{
    bool negative = false;
    QString digits {};
    qint64 exponent = 0;

    friend bool operator==(const Decimal& a, const Decimal& b)
    {
        return std::tie(a.negative, a.digits, a.exponent)
            == std::tie(b.negative, b.digits, b.exponent);
    }
};

Decimal decimalOf(QStringView text)
{
    Decimal out;
    if (text.startsWith(u'-') || text.startsWith(u'+')) {
        out.negative = text.startsWith(u'-');
        text = text.mid(1);
    }
    qsizetype mantissaEnd = text.indexOf(u'e', 0, Qt::CaseInsensitive);
    if (mantissaEnd >= 0) {
        const auto exponent = text.mid(mantissaEnd + 1);
        bool ok = false;
        out.exponent = exponent.toLongLong(&ok);
        if (!ok || std::abs(out.exponent) > kLargestExponent) {
            out.exponent = exponent.startsWith(u'-') ? -kLargestExponent : kLargestExponent;
        }
    } else {
        mantissaEnd = text.size();
    }
    const auto mantissa = text.left(mantissaEnd);
    const auto point = mantissa.indexOf(u'.');
    out.digits = mantissa.toString();
    if (point >= 0) {
        out.digits.remove(point, 1);
        out.exponent -= mantissa.size() - point - 1;
    }
    qsizetype first = 0;
    while (first < out.digits.size() && out.digits.at(first) == u'0') {
        ++first;
    }
    qsizetype end = out.digits.size();
    while (end > first && out.digits.at(end - 1) == u'0') {
        --end;
        ++out.exponent;
    }
    out.digits = out.digits.mid(first, end - first);
    if (out.digits.isEmpty()) {
        return {};
    }
    return out;
}

} // namespace

bool sameNumber(QStringView a, QStringView b)
{
    return a == b || decimalOf(a) == decimalOf(b);
}

QString numberText(double value)
{
    if (value == 0.0) {
        return u"0"_s;
    }
    std::array<char, 64> buffer {};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
        std::abs(value), std::chars_format::scientific);
    const auto text = QString::fromLatin1(buffer.data(), written.ptr - buffer.data());
    const auto mark = text.indexOf(u'e');
    QString digits = text.left(mark);
    digits.remove(u'.');
    const int exponent = text.mid(mark + 1).toInt();
    const QString sign = value < 0 ? u"-"_s : QString();

    if (exponent < -6 || exponent >= 21) {
        if (digits.size() > 1) {
            digits.insert(1, u'.');
        }
        return sign % digits % (exponent < 0 ? u"e-"_s : u"e+"_s)
            % QString::number(std::abs(exponent));
    }
    if (exponent < 0) {
        return sign % u"0."_s % QString(-exponent - 1, u'0') % digits;
    }
    if (digits.size() <= exponent + 1) {
        return sign % digits % QString(exponent + 1 - digits.size(), u'0');
    }
    digits.insert(exponent + 1, u'.');
    return sign % digits;
}

std::optional<double> toDouble(QStringView text)
{
    const auto bytes = text.toLatin1();
    double value = 0;
    const auto read = std::from_chars(bytes.constData(), bytes.constData() + bytes.size(), value);
    if (read.ec == std::errc::result_out_of_range) {
        const auto decimal = decimalOf(text);
        return decimal.exponent + decimal.digits.size() > 0 ? std::nullopt
                                                            : std::optional<double>(0.0);
    }
    if (read.ec != std::errc() || read.ptr != bytes.constData() + bytes.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace portreeve::policy
