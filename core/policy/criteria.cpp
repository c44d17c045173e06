// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/criteria.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr auto kCriteria = std::to_array<CriterionInfo>({
    { .name = u"accept", .since = 15 },
    { .name = u"authenticated_user", .needsSession = true, .since = 15 },
    { .name = u"claim", .data = DataKind::ListMatcher, .since = 15 },
    { .name = u"client_certificate", .data = DataKind::Certificate, .onSsh = false, .since = 23 },
    { .name = u"cors_preflight", .onSsh = false, .since = 15 },
    { .name = u"date", .data = DataKind::EditionOnly },
    { .name = u"day_of_week", .data = DataKind::EditionOnly },
    { .name = u"device", .data = DataKind::Device, .onSsh = false, .since = 16 },
    { .name = u"domain", .data = DataKind::StringMatcher, .needsSession = true, .since = 15 },
    { .name = u"email", .data = DataKind::StringMatcher, .since = 15 },
    { .name = u"groups", .data = DataKind::ListMatcher, .needsSession = true, .since = 26 },
    { .name = u"http_method", .data = DataKind::StringMatcher, .onSsh = false, .since = 16 },
    { .name = u"http_path", .data = DataKind::StringMatcher, .onSsh = false, .since = 16 },
    { .name = u"invalid_client_certificate", .onSsh = false, .since = 15 },
    { .name = u"mcp_tool", .data = DataKind::StringMatcher, .onSsh = false, .since = 30 },
    { .name = u"record", .data = DataKind::EditionOnly, .zero = false },
    { .name = u"reject", .since = 15 },
    { .name = u"source_ip", .data = DataKind::Addresses, .since = 31 },
    { .name = u"ssh_ca", .data = DataKind::SshKeys, .since = 30 },
    { .name = u"ssh_publickey", .data = DataKind::SshKeys, .since = 30 },
    { .name = u"ssh_username", .data = DataKind::StringMatcher, .since = 30 },
    { .name = u"ssh_username_matches_claim", .data = DataKind::ClaimPath, .since = 30 },
    { .name = u"ssh_username_matches_email", .since = 30 },
    { .name = u"time_of_day", .data = DataKind::EditionOnly },
    { .name = u"user", .data = DataKind::StringMatcher, .needsSession = true, .since = 15 },
});

int editDistance(QStringView a, QStringView b)
{
    std::vector<int> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i) + 1;
        for (std::size_t j = 1; j < row.size(); ++j) {
            const int substituted
                = diagonal + (a.at(i) == b.at(static_cast<qsizetype>(j) - 1) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({ substituted, row[j] + 1, row[j - 1] + 1 });
        }
    }
    return row.back();
}

} // namespace

std::span<const CriterionInfo> allCriteria()
{
    return kCriteria;
}

const CriterionInfo* findCriterion(QStringView name)
{
    const auto found = std::lower_bound(kCriteria.begin(), kCriteria.end(), name,
        [](const CriterionInfo& info, QStringView key) { return info.name < key; });
    return found != kCriteria.end() && found->name == name ? &*found : nullptr;
}

int matcherOperatorSince(QStringView name)
{
    static constexpr auto kSince = std::to_array<std::pair<QStringView, int>>(
        { { u"not", 29 }, { u"in", 30 }, { u"not_in", 31 }, { u"exclude", 29 } });
    const auto found = std::find_if(
        kSince.begin(), kSince.end(), [name](const auto& entry) { return entry.first == name; });
    return found == kSince.end() ? 0 : found->second;
}

std::optional<QString> nearestCriterion(const QString& name)
{
    const auto wanted = name.left(64).toLower();
    const auto nearest = std::min_element(kCriteria.begin(), kCriteria.end(),
        [&wanted](const CriterionInfo& a, const CriterionInfo& b) {
            return editDistance(wanted, a.name) < editDistance(wanted, b.name);
        });
    const auto allowed = std::max<qsizetype>(1, wanted.size() / 3);
    return editDistance(wanted, nearest->name) <= allowed ? std::optional(nearest->name.toString())
                                                          : std::nullopt;
}

} // namespace portreeve::policy
