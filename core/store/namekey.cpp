// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/namekey.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace portreeve {

namespace {

// Levenshtein's distance, one row of the table at a time.
qsizetype editDistance(const QString& a, const QString& b)
{
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 1; j < row.size(); ++j) {
            const bool same = a.at(i) == b.at(static_cast<qsizetype>(j) - 1);
            const qsizetype replaced = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({ replaced, row[j] + 1, row[j - 1] + 1 });
        }
    }
    return row.back();
}

} // namespace

QString nameKey(const QString& name)
{
    return name.trimmed().normalized(QString::NormalizationForm_C).toCaseFolded();
}

QString nearestName(const QString& name, const std::vector<QString>& candidates)
{
    const QString key = nameKey(name);
    qsizetype least = std::max<qsizetype>(2, key.size() / 3) + 1;
    QString nearest;
    for (const QString& candidate : candidates) {
        const qsizetype distance = editDistance(key, nameKey(candidate));
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace portreeve
