// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QByteArray>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace portreeve {

// A null QString would be bound as NULL; an empty text is a value here.
inline QVariant toSql(const QString& text)
{
    return text.isNull() ? QVariant(QLatin1StringView("")) : QVariant(text);
}

inline QVariant toSql(const QByteArray& bytes)
{
    return bytes.isNull() ? QVariant(QByteArray("")) : QVariant(bytes);
}

inline QVariant toSql(std::int64_t number)
{
    return { static_cast<qlonglong>(number) };
}

inline QVariant toSql(int number)
{
    return { number };
}

inline QVariant toSql(bool flag)
{
    return { flag ? 1 : 0 };
}

inline QVariant toSql(UtcTime time)
{
    return { static_cast<qlonglong>(time.time_since_epoch().count()) };
}

template <typename Value> QVariant toSql(const std::optional<Value>& value)
{
    return value ? toSql(*value) : QVariant();
}

/// A prepared statement. Must not outlive its Database.
class Statement
{
public:
    template <typename... Values> Result<void> execute(const Values&... values)
    {
        return executeWith({ toSql(values)... });
    }

    Result<void> executeWith(const QVariantList& values);

    /// Steps to the next row. False after the last one.
    Result<bool> next();

    QString text(int column) const { return m_query.value(column).toString(); }

    QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }

    std::int64_t integer(int column) const { return m_query.value(column).toLongLong(); }

    bool flag(int column) const { return integer(column) != 0; }

    bool isNull(int column) const { return m_query.isNull(column); }

    UtcTime time(int column) const { return UtcTime(std::chrono::milliseconds(integer(column))); }

    std::optional<UtcTime> optionalTime(int column) const
    {
        return isNull(column) ? std::nullopt : std::optional(time(column));
    }

    std::int64_t insertedKey() const { return m_query.lastInsertId().toLongLong(); }

    std::int64_t affectedRows() const { return m_query.numRowsAffected(); }

private:
    friend class Database;
    Statement(QSqlQuery query, QString path);

    QSqlQuery m_query;
    QString m_path;
};

struct DatabaseOptions
{
    QString path {};
    bool createIfMissing = true;
    bool immutable = false; ///< reads a file nobody else writes, leaving no trace beside it
};

/// One SQLite connection, for the thread that opened it. Errors are Storage.
class Database
{
public:
    /// Refuses what is no data file of ours, or is newer, before SQLite has touched it.
    static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<Statement> prepare(const QString& sql);

    template <typename... Values>
    Result<Statement> query(const QString& sql, const Values&... values)
    {
        auto statement = prepare(sql);
        if (statement) {
            if (const auto executed = statement->execute(values...); !executed) {
                return executed.error();
            }
        }
        return statement;
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
        auto statement = query(sql, values...);
        if (!statement) {
            return statement.error();
        }
        const auto row = statement->next();
        if (!row) {
            return row.error();
        }
        return *row ? statement->integer(0) : 0;
    }

    /// Every row through @p read, which makes a value of the row the statement stands on.
    template <typename Read, typename... Values>
    auto all(const QString& sql, Read read, const Values&... values)
        -> Result<std::vector<std::invoke_result_t<Read, const Statement&>>>
    {
        std::vector<std::invoke_result_t<Read, const Statement&>> rows;
        auto statement = query(sql, values...);
        if (!statement) {
            return statement.error();
        }
        while (true) {
            const auto row = statement->next();
            if (!row) {
                return row.error();
            }
            if (!*row) {
                return rows;
            }
            rows.push_back(read(*statement));
        }
    }

    const QString& path() const { return m_path; }

private:
    friend class Transaction;
    Database(QString path, QString connectionName);

    Result<void> configure(bool immutable);
    Result<void> switchToWal();

    QString m_path;
    QString m_connectionName;
    QString m_countedPath; // among the open files; empty when it is not
    int m_transactionDepth = 0;
    bool m_transactionBroken = false;
};

/// BEGIN IMMEDIATE to commit(), or one consistent state for several reads; joins a transaction that
/// is open already. Rolls back when destroyed uncommitted.
class Transaction
{
public:
    enum class Kind { Write, Read };

    static Result<Transaction> begin(Database& database, Kind kind = Kind::Write);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&& other) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    Result<void> commit();

private:
    explicit Transaction(Database& database);

    Database* m_database; // null once committed or moved from
};

} // namespace portreeve
