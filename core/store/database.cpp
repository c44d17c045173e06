// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/database.h"

#include "core/base/logging.h"
#include "core/store/databasefile.h"
#include "core/store/storageerror.h"

#include <QAtomicInteger>
#include <QFileInfo>
#include <QSqlError>
#include <QThread>
#include <QUrl>

#include <map>
#include <mutex>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Data files this process has open, by how often.
///
/// The system drops every lock a process has on a file once the process closes any descriptor of
/// it, SQLite's own locks included. So a file that is open here is not looked at beside SQLite:
/// another program would take itself for the last one and remove the log under us, after which
/// nothing can be read any more.
struct OpenFiles
{
    std::mutex mutex {};
    std::map<QString, int> count {};
};

OpenFiles& openFiles()
{
    static OpenFiles files;
    return files;
}

} // namespace

Statement::Statement(QSqlQuery query, QString path)
    : m_query(std::move(query))
    , m_path(std::move(path))
{
}

Result<void> Statement::executeWith(const QVariantList& values)
{
    for (qsizetype i = 0; i < values.size(); ++i) {
        m_query.bindValue(static_cast<int>(i), values.at(i));
    }
    if (!m_query.exec()) {
        return storageError(m_query.lastError(), m_path);
    }
    return {};
}

Result<bool> Statement::next()
{
    if (m_query.next()) {
        return true;
    }
    if (m_query.lastError().isValid()) {
        return storageError(m_query.lastError(), m_path);
    }
    return false;
}

Database::Database(QString path, QString connectionName)
    : m_path(std::move(path))
    , m_connectionName(std::move(connectionName))
{
}

Database::~Database()
{
    OpenFiles& files = openFiles();
    const std::scoped_lock lock(files.mutex);
    QSqlDatabase::database(m_connectionName, false).close();
    QSqlDatabase::removeDatabase(m_connectionName);
    const auto counted = files.count.find(m_countedPath);
    if (counted != files.count.end() && --counted->second == 0) {
        files.count.erase(counted);
    }
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options)
{
    OpenFiles& files = openFiles();
    std::unique_lock lock(files.mutex);
    const QString place = QFileInfo(options.path).absoluteFilePath();
    if (!files.count.contains(place)) {
        const auto prepared
            = prepareDataFile(options.path, options.createIfMissing && !options.immutable);
        if (!prepared) {
            return prepared.error();
        }
    }

    static QAtomicInteger<quint64> counter;
    auto opened = std::unique_ptr<Database>(
        new Database(options.path, u"portreeve-%1"_s.arg(counter.fetchAndAddRelaxed(1))));
    QSqlDatabase handle = QSqlDatabase::addDatabase(u"QSQLITE"_s, opened->m_connectionName);
    handle.setConnectOptions(options.immutable ? u"QSQLITE_OPEN_URI;QSQLITE_OPEN_READONLY"_s
                                               : u"QSQLITE_BUSY_TIMEOUT=5000"_s);
    handle.setDatabaseName(options.immutable
            ? QString::fromLatin1(QUrl::fromLocalFile(options.path).toEncoded())
                + u"?mode=ro&immutable=1"_s
            : options.path);
    if (!handle.open()) {
        const auto failed = storageError(handle.lastError(), options.path);
        lock.unlock(); // the destructor takes it
        return failed;
    }
    ++files.count[place];
    opened->m_countedPath = place;
    lock.unlock();
    if (const auto configured = opened->configure(options.immutable); !configured) {
        return configured.error();
    }
    return opened;
}

Result<void> Database::configure(bool immutable)
{
    const auto version = number(u"SELECT sqlite_version() >= '3.37.0'"_s);
    if (!version) {
        return version.error();
    }
    if (*version == 0) {
        return Error { .code = ErrorCode::Storage,
            .what = message(QT_TRANSLATE_NOOP("Message", "The installed SQLite is too old.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Install SQLite 3.37 or newer.")) };
    }
    if (immutable) {
        return {};
    }
    if (const auto switched = switchToWal(); !switched) {
        return switched.error();
    }
    for (const QString& pragma : { u"PRAGMA foreign_keys = ON"_s, u"PRAGMA synchronous = FULL"_s,
             u"PRAGMA temp_store = MEMORY"_s }) {
        if (const auto set = execute(pragma); !set) {
            return set.error();
        }
    }
    return {};
}

// SQLite does not wait for a lock when it changes the journal: two programs that make the file at
// the same moment would fail one of them.
Result<void> Database::switchToWal()
{
    constexpr int kAttempts = 250;
    constexpr unsigned long kPauseMs = 20;
    for (int attempt = 1;; ++attempt) {
        auto answer = query(u"PRAGMA journal_mode = WAL"_s);
        auto row = answer ? answer->next() : Result<bool>(answer.error());
        if (row && *row && answer->text(0) == u"wal") {
            return {};
        }
        if (attempt == kAttempts || (!row && !isBusy(row.error()))) {
            return row ? Result<void>(Error { .code = ErrorCode::Storage,
                             .what = message(QT_TRANSLATE_NOOP("Message",
                                                 "The data file %1 cannot keep a write-ahead log."),
                                 m_path),
                             .remedy = message(QT_TRANSLATE_NOOP(
                                 "Message", "Move the data folder to a local disk.")) })
                       : Result<void>(row.error());
        }
        QThread::msleep(kPauseMs);
    }
}

Result<Statement> Database::prepare(const QString& sql)
{
    QSqlQuery query(QSqlDatabase::database(m_connectionName, false));
    query.setForwardOnly(true);
    if (!query.prepare(sql)) {
        return storageError(query.lastError(), m_path);
    }
    return Statement(std::move(query), m_path);
}

Transaction::Transaction(Database& database)
    : m_database(&database)
{
    ++database.m_transactionDepth;
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
{
}

Result<Transaction> Transaction::begin(Database& database, Kind kind)
{
    if (database.m_transactionDepth == 0) {
        const auto begun
            = database.execute(kind == Kind::Write ? u"BEGIN IMMEDIATE"_s : u"BEGIN"_s);
        if (!begun) {
            return begun.error();
        }
        database.m_transactionBroken = false;
    }
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database == nullptr) {
        return;
    }
    if (--m_database->m_transactionDepth > 0) {
        m_database->m_transactionBroken = true;
        return;
    }
    if (const auto rolledBack = m_database->execute(u"ROLLBACK"_s); !rolledBack) {
        // After a full disk SQLite has rolled back by itself.
        qCDebug(lcStore) << "rollback:" << rolledBack.error().detail;
    }
}

Result<void> Transaction::commit()
{
    Q_ASSERT(m_database != nullptr);
    if (m_database->m_transactionDepth > 1) {
        --std::exchange(m_database, nullptr)->m_transactionDepth;
        return {};
    }
    if (m_database->m_transactionBroken) {
        return Error { .code = ErrorCode::Internal,
            .what = message(QT_TRANSLATE_NOOP(
                "Message", "A part of the change failed, so nothing was saved.")) };
    }
    if (const auto committed = m_database->execute(u"COMMIT"_s); !committed) {
        return committed.error();
    }
    --std::exchange(m_database, nullptr)->m_transactionDepth;
    return {};
}

} // namespace portreeve
