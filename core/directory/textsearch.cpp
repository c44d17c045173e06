// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/textsearch.h"

#include "core/directory/bytescan.h"

#include <algorithm>
#include <numeric>
#include <string_view>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr char kColumnEnd = '\n';

bool isAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

char foldedAscii(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return static_cast<char>(c - 'A' + 'a');
    }
    return c < ' ' || c == '\x7F' ? ' ' : c;
}

/// Letters that neither decomposition nor Qt's case folding takes apart, though people type them
/// so.
QStringView plainLetters(QChar letter)
{
    switch (letter.unicode()) {
    case u'ß':
        return u"ss";
    case u'æ':
        return u"ae";
    case u'đ':
        return u"d";
    case u'ħ':
        return u"h";
    case u'ı':
        return u"i";
    case u'ł':
        return u"l";
    case u'ø':
        return u"o";
    case u'œ':
        return u"oe";
    case u'ŧ':
        return u"t";
    default:
        return {};
    }
}

void appendFolded(std::string& out, QByteArrayView utf8)
{
    if (isAscii(utf8)) {
        std::transform(utf8.begin(), utf8.end(), std::back_inserter(out), foldedAscii);
        return;
    }
    const QString apart = QString::fromUtf8(utf8)
                              .normalized(QString::NormalizationForm_KD)
                              .toCaseFolded()
                              .normalized(QString::NormalizationForm_KD);
    QString folded;
    folded.reserve(apart.size());
    for (const QChar letter : apart) {
        if (letter.category() == QChar::Mark_NonSpacing) {
            continue;
        }
        if (const QStringView plain = plainLetters(letter); !plain.isEmpty()) {
            folded.append(plain);
        } else {
            folded.append(letter.category() == QChar::Other_Control ? u' ' : letter);
        }
    }
    out += folded.toStdString();
}

std::vector<std::string> wordsOf(QStringView query)
{
    std::vector<std::string> words;
    const std::string folded = foldedForSearch(query.toUtf8());
    for (std::size_t begin = folded.find_first_not_of(' '); begin != std::string::npos;) {
        const std::size_t end = std::min(folded.find(' ', begin), folded.size());
        words.push_back(folded.substr(begin, end - begin));
        begin = folded.find_first_not_of(' ', end);
    }
    // The longest word is likely the rarest: it drives the scan, the others check its hits.
    std::stable_sort(words.begin(), words.end(),
        [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return words;
}

/// The row that holds a byte. Doubling steps, since hits come in order and mostly close together.
std::size_t rowAt(const std::vector<std::uint64_t>& offsets, std::size_t from, std::size_t position)
{
    std::size_t low = from;
    std::size_t step = 1;
    while (low + step < offsets.size() && offsets[low + step] <= position) {
        low += step;
        step *= 2;
    }
    const auto begin = offsets.begin() + static_cast<std::ptrdiff_t>(low + 1);
    const auto end
        = offsets.begin() + static_cast<std::ptrdiff_t>(std::min(low + step + 1, offsets.size()));
    return static_cast<std::size_t>(std::upper_bound(begin, end, position) - offsets.begin() - 1);
}

} // namespace

std::string foldedForSearch(QByteArrayView utf8)
{
    std::string out;
    appendFolded(out, utf8);
    return out;
}

TextSearch::TextSearch(std::span<const TextColumn* const> columns)
{
    const std::size_t rows = columns.empty() ? 0 : columns.front()->size();
    std::size_t bytes = rows * columns.size();
    for (const TextColumn* column : columns) {
        bytes += column->bytes().size();
    }
    m_rows.reserve(rows, bytes);
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
        text.clear();
        for (const TextColumn* column : columns) {
            appendFolded(text, column->at(row));
            text += kColumnEnd;
        }
        m_rows.append(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    }
}

std::vector<Row> TextSearch::find(QStringView query, std::size_t limit) const
{
    std::vector<Row> out;
    const std::vector<std::string> words = wordsOf(query);
    if (words.empty()) {
        out.resize(std::min(limit, m_rows.size()));
        std::iota(out.begin(), out.end(), 0U);
        return out;
    }
    const std::string_view text = m_rows.bytes();
    const std::vector<std::uint64_t>& offsets = m_rows.offsets();
    for (std::size_t row = 0; row < m_rows.size() && out.size() < limit; ++row) {
        const std::size_t hit = findBytes(text.substr(offsets[row]), words.front());
        if (hit == std::string_view::npos) {
            break;
        }
        row = rowAt(offsets, row, offsets[row] + hit);
        const std::string_view rowText = text.substr(offsets[row], offsets[row + 1] - offsets[row]);
        const bool all = std::all_of(words.begin() + 1, words.end(),
            [&](const std::string& word) { return rowText.find(word) != std::string_view::npos; });
        if (all) {
            out.push_back(static_cast<Row>(row));
        }
    }
    return out;
}

} // namespace portreeve
