// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/database.h"

#include <unordered_map>

namespace portreeve {

/// Statements that are run for many rows: each text is prepared once. For one transaction.
class StatementCache
{
public:
    explicit StatementCache(Database& database)
        : m_database(database)
    {
    }

    /// The executed statement, valid until the same text is run again.
    template <typename... Values>
    Result<Statement*> query(const QString& sql, const Values&... values)
    {
        auto found = m_statements.find(sql);
        if (found == m_statements.end()) {
            auto prepared = m_database.prepare(sql);
            if (!prepared) {
                return prepared.error();
            }
            found = m_statements.emplace(sql, *std::move(prepared)).first;
        }
        if (const auto executed = found->second.execute(values...); !executed) {
            return executed.error();
        }
        return &found->second;
    }

    template <typename... Values> Result<void> execute(const QString& sql, const Values&... values)
    {
        const auto statement = query(sql, values...);
        return statement ? Result<void>() : statement.error();
    }

    /// First column of the first row; 0 without a row.
    template <typename... Values>
    Result<std::int64_t> number(const QString& sql, const Values&... values)
    {
        const auto statement = query(sql, values...);
        const auto row = statement ? (*statement)->next() : Result<bool>(statement.error());
        if (!row) {
            return row.error();
        }
        return *row ? (*statement)->integer(0) : 0;
    }

private:
    Database& m_database;
    std::unordered_map<QString, Statement> m_statements;
};

} // namespace portreeve
